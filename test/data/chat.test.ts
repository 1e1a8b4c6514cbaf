import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  changeRole,
  inviteMember,
  joinRoom,
  leaveRoom,
  passOwnership,
  removeMember,
} from '../../entities/chat/arrange-members';
import { blockPerson, readBlocks, unblockPerson } from '../../entities/chat/block-person';
import { deleteMessage, editMessage } from '../../entities/chat/change-message';
import { archiveRoom, changeRoom } from '../../entities/chat/change-room';
import { hydrateRoomEvents, readRoomEvents } from '../../entities/chat/hydrate-events';
import { markRead } from '../../entities/chat/mark-read';
import { openDirectRoom, openGroup, openSupportRoom } from '../../entities/chat/open-room';
import { readMessage, readMessages, searchMessages } from '../../entities/chat/read-messages';
import { readMembers, readRoom, readRooms, readSupportRooms } from '../../entities/chat/read-rooms';
import { reportMessage } from '../../entities/chat/report-message';
import type { ChatActor } from '../../entities/chat/room-access';
import { sendMessage } from '../../entities/chat/send-message';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { chatOf } from '../support/chat';
import {
  buildAgent,
  buildDirect,
  buildGroup,
  buildPerson,
  buildShopRoom,
  buildSupport,
  say,
  type BuiltGroup,
} from '../support/factories/chat';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
let shop: ShopDatabase;
let staff: ChatActor;
let agent: ChatActor;
beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 12 });
  staff = await buildAgent(shop, 'staff');
  agent = await buildAgent(shop, 'support');
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const { manager, codeOf, outcomeOf, textsOf, eventsOf, send, age } = chatOf(() => shop);

describe('who may do what', () => {
  type Work = (actor: ChatActor, roomId: string, world: World) => Promise<unknown>;
  interface World {
    readonly roomId: string;
    readonly people: Record<string, ChatActor>;
    /** Of the owner, except where it is the actor's own. */
    readonly seq: number;
    readonly ownSeq: number;
  }

  /** A room in which somebody of each kind was, and what each of them has written. */
  async function groupFor(name: string): Promise<World> {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const left = await buildPerson(shop);
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(left) }));
    const people: Record<string, ChatActor> = {
      stranger: await buildPerson(shop),
      left,
      member,
      moderator,
      owner,
      staff,
    };
    const { seq } = await say(shop, name === 'owner' ? moderator : owner, roomId, 'Hello');
    const isIn = name !== 'stranger' && name !== 'staff';
    const ownSeq = isIn ? (await say(shop, people[name]!, roomId, 'Mine')).seq : seq;
    await shop.run((transaction) => leaveRoom(transaction, left, { roomId }));
    return { roomId, people, seq, ownSeq };
  }
  const idOf = ({ accountId }: ChatActor) => ({ accountId });
  const run = <Result>(work: (transaction: Transaction) => Promise<Result>) => shop.run(work);

  const WORKS: Readonly<Record<string, Work>> = {
    readRoom: (actor, roomId) => readRoom(manager(), actor, roomId),
    readMembers: (actor, roomId) => readMembers(manager(), actor, roomId),
    readMessages: (actor, roomId) => readMessages(manager(), actor, { roomId, limit: 5 }),
    readMessage: (actor, roomId, { seq }) => readMessage(manager(), actor, { roomId, seq }),
    readRoomEvents: (actor, roomId) => readRoomEvents(manager(), actor, { roomId, after: 0, limit: 5 }),
    sendMessage: (actor, roomId) => send(actor, { roomId, clientId: newId(), text: 'Hi' }),
    editOwn: (actor, roomId, { ownSeq }) =>
      run((transaction) => editMessage(transaction, actor, { roomId, seq: ownSeq, text: 'Changed' })),
    editOthers: (actor, roomId, { seq }) =>
      run((transaction) => editMessage(transaction, actor, { roomId, seq, text: 'Hacked' })),
    deleteOwn: (actor, roomId, { ownSeq }) =>
      run((transaction) => deleteMessage(transaction, actor, { roomId, seq: ownSeq })),
    deleteOthers: (actor, roomId, { seq }) =>
      run((transaction) => deleteMessage(transaction, actor, { roomId, seq })),
    markRead: (actor, roomId, { seq }) => run((transaction) => markRead(transaction, actor, { roomId, seq })),
    reportMessage: (actor, roomId, { seq }) =>
      run((transaction) => reportMessage(transaction, actor, { roomId, seq, reason: 'spam', note: '' })),
    changeRoom: (actor, roomId) =>
      run((transaction) => changeRoom(transaction, actor, { roomId, title: 'Films' })),
    inviteMember: async (actor, roomId) => {
      const { accountId } = await buildPerson(shop);
      await run((transaction) => inviteMember(transaction, actor, { roomId, accountId }));
    },
    removeMember: (actor, roomId, { people: { member, moderator } }) => {
      const target = actor === member ? moderator! : member!;
      return run((transaction) => removeMember(transaction, actor, { roomId, ...idOf(target) }));
    },
    removeModerator: (actor, roomId, { people: { moderator, owner } }) => {
      const target = actor === moderator ? owner! : moderator!;
      return run((transaction) => removeMember(transaction, actor, { roomId, ...idOf(target) }));
    },
    changeRole: (actor, roomId, { people: { member } }) =>
      run((transaction) => changeRole(transaction, actor, { roomId, ...idOf(member!), role: 'moderator' })),
    passOwnership: (actor, roomId, { people: { member } }) =>
      run((transaction) => passOwnership(transaction, actor, { roomId, ...idOf(member!) })),
    joinRoom: (actor, roomId) => run((transaction) => joinRoom(transaction, actor, { roomId })),
    leaveRoom: (actor, roomId) => run((transaction) => leaveRoom(transaction, actor, { roomId })),
    archiveRoom: (actor, roomId) => run((transaction) => archiveRoom(transaction, actor, { roomId })),
  };

  const none = 'room_not_found';
  const no = 'not_permitted';
  const ACTORS = ['stranger', 'left', 'staff', 'member', 'moderator', 'owner'] as const;
  const nobody = [none, none, none] as const;
  /** In a group: what each of the actors is answered. */
  const GROUP: Readonly<Record<string, readonly string[]>> = {
    readRoom: [...nobody, 'ok', 'ok', 'ok'],
    readMembers: [...nobody, 'ok', 'ok', 'ok'],
    readMessages: [...nobody, 'ok', 'ok', 'ok'],
    readMessage: [...nobody, 'ok', 'ok', 'ok'],
    readRoomEvents: [...nobody, 'ok', 'ok', 'ok'],
    sendMessage: [...nobody, 'ok', 'ok', 'ok'],
    editOwn: [...nobody, 'ok', 'ok', 'ok'],
    editOthers: [...nobody, no, no, no],
    deleteOwn: [none, 'ok', none, 'ok', 'ok', 'ok'],
    deleteOthers: [...nobody, no, 'ok', 'ok'],
    markRead: [...nobody, 'ok', 'ok', 'ok'],
    reportMessage: [...nobody, 'ok', 'ok', 'ok'],
    changeRoom: [...nobody, no, 'ok', 'ok'],
    inviteMember: [...nobody, no, 'ok', 'ok'],
    removeMember: [...nobody, no, 'ok', 'ok'],
    removeModerator: [...nobody, no, no, 'ok'],
    changeRole: [...nobody, no, no, 'ok'],
    passOwnership: [...nobody, no, no, 'ok'],
    joinRoom: [...nobody, 'room_kind', 'room_kind', 'room_kind'],
    leaveRoom: [...nobody, 'ok', 'ok', 'ok'],
    archiveRoom: [...nobody, no, no, 'ok'],
  };

  test.each(Object.keys(WORKS))('%s in a group', async (name) => {
    const outcomes: string[] = [];
    for (const actor of ACTORS) {
      const world = await groupFor(actor);
      const before = (await eventsOf(world.roomId)).length;
      const outcome = await outcomeOf(WORKS[name]!(world.people[actor]!, world.roomId, world));
      if (outcome !== 'ok') expect(await eventsOf(world.roomId)).toHaveLength(before);
      outcomes.push(outcome);
    }
    expect(outcomes).toEqual(GROUP[name]);
  });

  test('in the room of two people: blocked or not, nobody has power over the other', async () => {
    const { roomId, one, other } = await buildDirect(shop);
    const mine = await say(shop, one, roomId, 'Hello');
    await say(shop, other, roomId, 'Hi');
    const world = { roomId, people: { member: one, moderator: other, owner: one }, seq: 2, ownSeq: mine.seq };
    const outcomes: Record<string, string> = {};
    const blocked: Record<string, string> = {};
    await shop.run((transaction) => blockPerson(transaction, other, idOf(one)));
    for (const [name, work] of Object.entries(WORKS))
      blocked[name] = await outcomeOf(work(one, roomId, world));
    await shop.run((transaction) => unblockPerson(transaction, other, idOf(one)));
    const again = await say(shop, one, roomId, 'Again');
    for (const [name, work] of Object.entries(WORKS))
      outcomes[name] = await outcomeOf(work(one, roomId, { ...world, ownSeq: again.seq }));
    const kind = 'room_kind';
    const always = {
      ...{ readRoom: 'ok', readMembers: 'ok', readMessages: 'ok', readMessage: 'ok', readRoomEvents: 'ok' },
      ...{ editOthers: no, deleteOwn: 'ok', deleteOthers: no, markRead: 'ok', reportMessage: 'ok' },
      ...{
        changeRoom: kind,
        inviteMember: kind,
        removeMember: kind,
        removeModerator: kind,
        changeRole: kind,
      },
      ...{ passOwnership: kind, joinRoom: kind, leaveRoom: kind, archiveRoom: kind },
    };
    expect(outcomes).toEqual({ ...always, sendMessage: 'ok', editOwn: 'ok' });
    expect(blocked).toEqual({ ...always, sendMessage: 'blocked', editOwn: 'blocked' });
    expect(await codeOf(WORKS['readRoom']!(staff, roomId, world))).toBe('chat.room_not_found');
  });

  test('staff moderate the rooms of the shop, which everybody may join, and it is on record', async () => {
    const roomId = await buildShopRoom(shop, staff);
    const person = await buildPerson(shop);
    expect(await outcomeOf(WORKS['readRoom']!(person, roomId, {} as World))).toBe(none);
    await shop.run((transaction) => joinRoom(transaction, person, { roomId }));
    const { seq } = await say(shop, person, roomId, 'Cheap watches');
    expect(await codeOf(send(staff, { roomId, clientId: newId(), text: 'Hi' }))).toBe('chat.room_not_found');
    expect(
      await outcomeOf(shop.run((transaction) => deleteMessage(transaction, agent, { roomId, seq }))),
    ).toBe(none);

    await shop.run((transaction) => deleteMessage(transaction, staff, { roomId, seq }));
    await shop.run((transaction) => removeMember(transaction, staff, { roomId, ...idOf(person) }));
    expect(await outcomeOf(shop.run((transaction) => joinRoom(transaction, person, { roomId })))).toBe(no);
    await shop.run((transaction) => inviteMember(transaction, staff, { roomId, ...idOf(person) }));
    await shop.run((transaction) => archiveRoom(transaction, staff, { roomId }));
    expect(await codeOf(send(person, { roomId, clientId: newId(), text: 'Hi' }))).toBe('chat.room_archived');
    const actions = await rows<{ did: string }>(
      manager(),
      `SELECT details ->> 'did' AS did FROM staff_actions WHERE object_id = $1 ORDER BY id`,
      [roomId],
    );
    expect(actions.map(({ did }) => did)).toEqual(['open', 'delete_message', 'remove', 'invite', 'archive']);
  });

  test('support comes to a customer, who has one open room, and whoever leaves the staff is out of it', async () => {
    const { roomId, customer } = await buildSupport(shop);
    await say(shop, customer, roomId, 'My parcel?');
    expect(await shop.run((transaction) => openSupportRoom(transaction, customer))).toEqual({
      ...{ roomId, isNew: false },
    });
    const waiting = await readSupportRooms(manager(), agent, { limit: 100, isWaiting: true });
    expect(waiting.find(({ id }) => id === roomId)).toMatchObject({ role: null, peerId: customer.accountId });

    await shop.run((transaction) => joinRoom(transaction, agent, { roomId }));
    await say(shop, agent, roomId, 'On its way');
    expect(await textsOf(customer, roomId)).toEqual(['My parcel?', 'On its way']);
    const later = await readSupportRooms(manager(), agent, { limit: 100, isWaiting: true });
    expect(later.map(({ id }) => id)).not.toContain(roomId);
    expect(await outcomeOf(shop.run((transaction) => leaveRoom(transaction, customer, { roomId })))).toBe(
      'room_kind',
    );

    const dismissed: ChatActor = { ...agent, roles: ['customer'] };
    expect(await outcomeOf(readMessages(manager(), dismissed, { roomId, limit: 5 }))).toBe(none);
    expect(await outcomeOf(send(dismissed, { roomId, clientId: newId(), text: 'Hi' }))).toBe(none);
    const own = await readRooms(manager(), dismissed, { limit: 100 });
    expect(own.map(({ id }) => id)).not.toContain(roomId);
    expect(await searchMessages(manager(), dismissed, { typed: 'parcel', limit: 5 })).toEqual([]);
    expect(await outcomeOf(readRoom(manager(), await buildPerson(shop), roomId))).toBe(none);

    await shop.run((transaction) => archiveRoom(transaction, agent, { roomId }));
    const next = await shop.run((transaction) => openSupportRoom(transaction, customer));
    expect(next.isNew).toBe(true);
  });

  test('nobody is reached who has blocked, was erased, or is oneself, and two people have one room', async () => {
    const [one, other] = [await buildPerson(shop), await buildPerson(shop)];
    const open = (actor: ChatActor, accountId: string) =>
      shop.run((transaction) => openDirectRoom(transaction, actor, { accountId }));
    expect(await codeOf(open(one, one.accountId))).toBe('chat.person_not_found');
    expect(await codeOf(open(one, newId()))).toBe('chat.person_not_found');
    await shop.run((transaction) => blockPerson(transaction, other, idOf(one)));
    expect(await codeOf(open(one, other.accountId))).toBe('chat.blocked');
    expect(await codeOf(open(other, one.accountId))).toBe('chat.blocked');
    expect(await readBlocks(manager(), other)).toMatchObject([{ accountId: one.accountId, name: null }]);
    await shop.run((transaction) => unblockPerson(transaction, other, idOf(one)));

    const rooms = await Promise.all([
      open(one, other.accountId),
      open(other, one.accountId),
      open(one, other.accountId),
    ]);
    expect(new Set(rooms.map(({ roomId }) => roomId)).size).toBe(1);
    expect(rooms.filter(({ isNew }) => isNew)).toHaveLength(1);
  });
});

describe('a message is sent exactly once', () => {
  test('from two connections at once, and again after a lost answer', async () => {
    const { roomId, member, owner } = await buildGroup(shop);
    const sent = { roomId, clientId: newId(), text: 'Once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(member, sent)));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ message }) => message.seq)).size).toBe(1);
    const late = await send(member, sent);
    expect(late).toEqual({ message: answers[0]!.message, isNew: false });
    expect(await textsOf(owner, roomId)).toEqual(['Once']);
    expect((await eventsOf(roomId)).filter(({ type }) => type === 'message.sent')).toHaveLength(1);

    expect(await codeOf(send(member, { ...sent, text: 'Twice' }))).toBe('chat.client_id_reused');
    expect(await codeOf(send(member, { ...sent, replyToSeq: 1 }))).toBe('chat.client_id_reused');
    // Another person, another message.
    expect((await send(owner, sent)).isNew).toBe(true);
  });

  test('while another connection holds the room, the second waits and gets the first answer', async () => {
    const { roomId, member } = await buildGroup(shop);
    const sent = { roomId, clientId: newId(), text: 'Once' };
    const sending = (transaction: Transaction) => sendMessage(transaction, member, sent);
    const { first, second, waited } = await interleave(shop, sending, sending);
    expect(waited).toBe(true);
    expect(second).toEqual({ status: 'fulfilled', value: { message: first.message, isNew: false } });
  });

  test('a repetition of what was deleted or edited gets what is there now, and no digest of the old text stays', async () => {
    const { roomId, member } = await buildGroup(shop);
    const sent = { roomId, clientId: newId(), text: '4242' };
    const { message } = await send(member, sent);
    await shop.run((transaction) =>
      editMessage(transaction, member, { roomId, seq: message.seq, text: '4343' }),
    );
    expect((await send(member, sent)).message.text).toBe('4343');
    await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq: message.seq }));
    expect(await send(member, sent)).toMatchObject({ isNew: false, message: { text: '' } });
    expect(
      await row(manager(), 'SELECT request_digest AS digest FROM messages WHERE room_id = $1', [roomId]),
    ).toEqual({ digest: null });
  });

  test('a crowd gets numbers without gaps', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        send([owner, moderator, member][index % 3]!, { roomId, clientId: newId(), text: `Number ${index}` }),
      ),
    );
    const { items } = await readMessages(manager(), owner, { roomId, limit: 100 });
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });
});

describe('texts', () => {
  let group: BuiltGroup;
  beforeAll(async () => {
    group = await buildGroup(shop);
  });

  test.each([
    ['is composed, with one kind of line break', ' Cafe\u0301\r\nfrom  here ', 'Café\nfrom  here'],
    ['keeps the half-space', 'می\u200cشود', 'می\u200cشود'],
    ['may be an emoji', '👍🏽', '👍🏽'],
    ['counts code points', '😀'.repeat(4_000), '😀'.repeat(4_000)],
  ])('a text %s', async (_, typed, stored) => {
    const { roomId, member } = group;
    expect((await say(shop, member, roomId, typed)).text).toBe(stored);
  });

  test.each([
    ['nothing', '  \n '],
    ['a half-space alone', '\u200c'],
    ['a control character', 'a\u0007b'],
    ['what turns the direction of text', 'a\u202Eb'],
    ['an isolate', 'a\u2066b'],
    ['half a character', 'a\ud800b'],
    ['more than 4,000 characters', 'x'.repeat(4_001)],
  ])('a text is refused with %s', async (_, typed) => {
    const { roomId, member } = group;
    expect(await codeOf(send(member, { roomId, clientId: newId(), text: typed }))).toBe('chat.text_invalid');
  });
});

describe('the edges of a room', () => {
  test('an answer is to a message of the same room, which one can see', async () => {
    const { roomId, member, owner } = await buildGroup(shop, 'since_joining');
    const elsewhere = await buildGroup(shop);
    for (const text of ['One', 'Two', 'Three']) await say(shop, elsewhere.owner, elsewhere.roomId, text);
    const { seq } = await say(shop, member, roomId, 'Question');
    const answer = await say(shop, owner, roomId, 'Answer', { replyToSeq: seq });
    expect(answer.replyToSeq).toBe(seq);
    const foreign = { roomId, clientId: newId(), text: 'Quote', replyToSeq: 3 };
    expect(await codeOf(send(member, foreign))).toBe('chat.message_not_found');
    const late = await buildPerson(shop);
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, accountId: late.accountId }));
    const unseen = { roomId, clientId: newId(), text: 'What?', replyToSeq: seq };
    expect(await codeOf(send(late, unseen))).toBe('chat.message_not_found');
  });

  test('an author edits for 15 minutes, by the clock of the database, and deletes at any time', async () => {
    const { roomId, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, 'First');
    const edit = (text: string) =>
      shop.run((transaction) => editMessage(transaction, member, { roomId, seq, text }));
    await age(roomId, 14.9);
    expect(await edit('Second')).toMatchObject({ text: 'Second', editedAt: expect.any(Date) as Date });
    const before = await eventsOf(roomId);
    await edit('Second');
    expect(await eventsOf(roomId)).toEqual(before);
    await age(roomId, 0.2);
    expect(await codeOf(edit('Third'))).toBe('chat.edit_too_late');
    const gone = await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq }));
    expect(gone).toMatchObject({ text: '', deletedAt: expect.any(Date) as Date });
    await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq }));
    expect((await eventsOf(roomId)).filter(({ type }) => type === 'message.deleted')).toHaveLength(1);
    expect(await codeOf(edit('Back'))).toBe('chat.message_deleted');
  });

  test('an author deletes what they wrote after they left, were removed, or came back without seeing it', async () => {
    const { roomId, owner, member, moderator } = await buildGroup(shop, 'since_joining');
    const remove = (actor: ChatActor, seq: number) =>
      shop.run((transaction) => deleteMessage(transaction, actor, { roomId, seq }));
    const seqs: number[] = [];
    for (const text of ['One', 'Two']) seqs.push((await say(shop, member, roomId, text)).seq);
    const foreign = await say(shop, moderator, roomId, 'Theirs');
    await shop.run((transaction) =>
      removeMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    expect(await remove(member, seqs[0]!)).toMatchObject({ text: '', deletedAt: expect.any(Date) as Date });
    // Of what is not theirs they learn nothing.
    expect(await codeOf(remove(member, foreign.seq))).toBe('chat.room_not_found');
    expect(await codeOf(remove(member, 99))).toBe('chat.room_not_found');
    await shop.run((transaction) =>
      inviteMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    expect(await remove(member, seqs[1]!)).toMatchObject({ text: '' });
    expect(await codeOf(remove(member, foreign.seq))).toBe('chat.message_not_found');
    const deleted = (await eventsOf(roomId)).filter(({ type }) => type === 'message.deleted');
    expect(deleted.map(({ payload }) => payload)).toEqual(seqs.map((seq) => ({ seq })));
  });

  test('in an archived room everything can be read and nothing be written', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, 'Hello');
    const archive = () => shop.run((transaction) => archiveRoom(transaction, owner, { roomId }));
    await archive();
    await archive();
    const { accountId } = await buildPerson(shop);
    const tries = [
      () => say(shop, member, roomId, 'Hi'),
      () => shop.run((transaction) => editMessage(transaction, member, { roomId, seq, text: 'Hi' })),
      () => shop.run((transaction) => inviteMember(transaction, owner, { roomId, accountId })),
      () => shop.run((transaction) => changeRoom(transaction, owner, { roomId, title: 'Hi' })),
    ];
    for (const attempt of tries) expect(await codeOf(attempt())).toBe('chat.room_archived');
    expect(await textsOf(member, roomId)).toEqual(['Hello']);
    await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq }));
    await shop.run((transaction) => leaveRoom(transaction, owner, { roomId }));
    expect((await eventsOf(roomId)).filter(({ type }) => type === 'room.archived')).toHaveLength(1);
  });

  test('the group of an owner who leaves passes to the longest moderator, then the longest member, then ends', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const ownerOf = async () =>
      (
        await row<{ id: string }>(
          manager(),
          `SELECT account_id AS id FROM room_members WHERE room_id = $1 AND role = 'owner' AND left_at IS NULL`,
          [roomId],
        )
      )?.id;
    for (const [leaver, heir] of [
      [owner, moderator.accountId],
      [moderator, member.accountId],
      [member, undefined],
    ] as const) {
      await shop.run((transaction) => leaveRoom(transaction, leaver, { roomId }));
      expect(await ownerOf()).toBe(heir);
    }
    expect((await eventsOf(roomId)).at(-1)!.type).toBe('room.archived');
  });

  test('a room has at most 100 members, however many are invited at once', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await rows(
      manager(),
      `WITH people AS (
         INSERT INTO accounts (id, phone) SELECT gen_random_uuid(), '+98935' || (2000000 + n) FROM generate_series(1, 94) n RETURNING id
       ) INSERT INTO room_members (room_id, account_id, role, joined_seq, last_read_seq) SELECT $1, id, 'member', 0, 0 FROM people`,
      [roomId],
    );
    const crowd = await Promise.all(Array.from({ length: 5 }, () => buildPerson(shop)));
    const invite = (accountId: string) =>
      shop.run((transaction) => inviteMember(transaction, owner, { roomId, accountId }));
    const outcomes = await Promise.allSettled(crowd.map(({ accountId }) => invite(accountId)));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([
      { reason: { code: 'chat.room_full', details: { limit: 100 } } },
      { reason: { code: 'chat.room_full', details: { limit: 100 } } },
    ]);
    await shop.run((transaction) => leaveRoom(transaction, member, { roomId }));
    await invite((await buildPerson(shop)).accountId);
  });

  /** Makes somebody a member of so many groups of this opener. */
  const fill = (accountId: string, openerId: string, count: number, state = 'active') =>
    rows(
      manager(),
      `WITH made AS (
         INSERT INTO rooms (id, kind, title, state, archived_at, opened_by)
         SELECT gen_random_uuid(), 'group', 'Room', $4::varchar, CASE WHEN $4 = 'archived' THEN now() END, $2
         FROM generate_series(1, $3::integer) RETURNING id
       ), theirs AS (
         INSERT INTO room_members (room_id, account_id, role, joined_seq, last_read_seq)
         SELECT id, $2, 'owner', 0, 0 FROM made WHERE $1::uuid <> $2
       ) INSERT INTO room_members (room_id, account_id, role, joined_seq, last_read_seq)
         SELECT id, $1, CASE WHEN $1 = $2 THEN 'owner' ELSE 'member' END, 0, 0 FROM made`,
      [accountId, openerId, count, state],
    );
  const openOne = (actor: ChatActor) =>
    shop.run((transaction) =>
      openGroup(transaction, actor, { roomId: newId(), title: 'One more', history: 'all' }),
    );

  test('a person opens and joins at most 500 rooms, of which those that are archived or left do not count', async () => {
    const person = await buildPerson(shop);
    await fill(person.accountId, person.accountId, 500, 'archived');
    await fill(person.accountId, person.accountId, 499);
    const { roomId } = await openOne(person);
    expect(await refusalOf(openOne(person))).toEqual({
      ...{ code: 'chat.rooms_too_many', details: { limit: 500 } },
    });
    await shop.run((transaction) => leaveRoom(transaction, person, { roomId }));
    await openOne(person);
  });

  test('others cannot fill the rooms of a person: not those that they open, and each brings them into 50', async () => {
    const [victim, friend] = [await buildPerson(shop), await buildPerson(shop)];
    const crowd = await Promise.all(Array.from({ length: 10 }, () => buildPerson(shop)));
    const bring = async (by: ChatActor) => {
      const { roomId } = await openOne(by);
      return outcomeOf(
        shop.run((transaction) => inviteMember(transaction, by, { roomId, accountId: victim.accountId })),
      );
    };
    await fill(victim.accountId, crowd[0]!.accountId, 49);
    expect(await bring(crowd[0]!)).toBe('ok');
    expect(await bring(crowd[0]!)).toBe('rooms_too_many');
    for (const { accountId } of crowd.slice(1)) await fill(victim.accountId, accountId, 50);
    // Together they have filled what others bring somebody into, and nothing else.
    expect(await bring(friend)).toBe('rooms_too_many');
    await openOne(victim);
    await shop.run((transaction) => openDirectRoom(transaction, victim, { accountId: friend.accountId }));
    // Whoever blocks one of them has room for others.
    await shop.run((transaction) => blockPerson(transaction, victim, { accountId: crowd[0]!.accountId }));
    expect(await bring(friend)).toBe('ok');
  });

  test('whoever left or was removed reads nothing, and comes back to what the room shows to new members', async () => {
    const { roomId, owner, member } = await buildGroup(shop, 'since_joining');
    await say(shop, owner, roomId, 'Before');
    await shop.run((transaction) =>
      removeMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    await say(shop, owner, roomId, 'Meanwhile');
    expect(await codeOf(readMessages(manager(), member, { roomId, limit: 5 }))).toBe('chat.room_not_found');
    expect((await readRooms(manager(), member, { limit: 50 })).map(({ id }) => id)).not.toContain(roomId);
    await shop.run((transaction) =>
      inviteMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    await say(shop, owner, roomId, 'After');
    expect(await textsOf(member, roomId)).toEqual(['After']);
    expect(await codeOf(readMessage(manager(), member, { roomId, seq: 1 }))).toBe('chat.message_not_found');
    expect(await searchMessages(manager(), member, { typed: 'meanwhile', limit: 5 })).toEqual([]);
    const { events } = await readRoomEvents(manager(), member, { roomId, after: 0, limit: 100 });
    expect(events.flatMap(({ message }) => message?.text ?? [])).toEqual(['After']);
    // Nor who has written it.
    const senders = events
      .filter(({ type }) => type === 'message.sent')
      .map(({ payload }) => payload['senderId']);
    expect(senders).toEqual([null, null, owner.accountId]);
    const toAll = await hydrateRoomEvents(manager(), events);
    expect(toAll.flatMap(({ message }) => message?.text ?? [])).toEqual(['After']);
    await shop.run((transaction) => changeRoom(transaction, owner, { roomId, history: 'all' }));
    expect(await textsOf(member, roomId)).toEqual(['Before', 'Meanwhile', 'After']);
  });
});
