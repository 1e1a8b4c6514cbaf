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
import { ROOM } from '../../entities/chat/chat.events';
import { hydrateRoomEvents, readRoomEvents } from '../../entities/chat/hydrate-events';
import { markRead } from '../../entities/chat/mark-read';
import { openDirectRoom, openGroup, openSupportRoom } from '../../entities/chat/open-room';
import { readMessage, readMessages, searchMessages } from '../../entities/chat/read-messages';
import { readMembers, readRoom, readRooms, readSupportRooms } from '../../entities/chat/read-rooms';
import { readOpenReports, reportMessage, resolveReport } from '../../entities/chat/report-message';
import type { ChatActor } from '../../entities/chat/room-access';
import { sendMessage, type NewMessage } from '../../entities/chat/send-message';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { readEvents } from '../../entities/events/read-events';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
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

const manager = () => shop.database.manager;
const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;
/** `ok`, or the code of the refusal without its prefix. */
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    async () => (await codeOf(work)).replace('chat.', ''),
  );
const textsOf = async (reader: ChatActor, roomId: string) =>
  (await readMessages(manager(), reader, { roomId, limit: 100 })).items.map(({ text }) => text);
const eventsOf = async (roomId: string, after = 0) =>
  (await readEvents(manager(), ROOM, roomId, after, 1_000)).map(({ type, payload }) => ({ type, payload }));
const send = (actor: ChatActor, message: NewMessage) =>
  shop.run((transaction) => sendMessage(transaction, actor, message));
/** Makes everything of a room older by these minutes. */
const age = (roomId: string, minutes: number) =>
  rows(
    manager(),
    `UPDATE messages SET created_at = created_at - $2 * interval '1 minute' WHERE room_id = $1`,
    [roomId, minutes],
  );

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

describe('what was deleted', () => {
  const SECRET = 'Zarathustra4711';

  /** The tables in which a text stands, whatever the column. */
  async function tablesWith(trace: string): Promise<string[]> {
    const tables = await rows<{ table: string }>(
      manager(),
      `SELECT table_name AS table FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const hits: string[] = [];
    for (const { table } of tables) {
      const found = await row(
        manager(),
        `SELECT 1 FROM ${table} AS t WHERE position(lower($1) IN lower(t::text)) > 0 LIMIT 1`,
        [trace],
      );
      if (found) hits.push(table);
    }
    return hits;
  }

  test('is in no table, history, search, list, event, resume or report', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, `The secret is ${SECRET}`);
    await shop.run((transaction) =>
      reportMessage(transaction, owner, { roomId, seq, reason: 'fraud', note: '' }),
    );
    expect(await searchMessages(manager(), owner, { typed: SECRET, limit: 5 })).toHaveLength(1);
    expect(await tablesWith(SECRET)).toEqual(['messages']);
    const raw = await readEvents(manager(), ROOM, roomId, 0, 100);
    const tail = raw.map((event) => ({ ...event, aggregateId: roomId }));
    expect(JSON.stringify(raw)).not.toContain(SECRET);
    expect(JSON.stringify(await hydrateRoomEvents(manager(), tail))).toContain(SECRET);

    await shop.run((transaction) => deleteMessage(transaction, member, { roomId, seq }));

    expect(await tablesWith(SECRET)).toEqual([]);
    expect(await searchMessages(manager(), owner, { typed: SECRET, limit: 5 })).toEqual([]);
    const told = [
      await hydrateRoomEvents(manager(), tail),
      await readRoomEvents(manager(), owner, { roomId, after: 0, limit: 100 }),
      await readMessages(manager(), owner, { roomId, limit: 100 }),
      await readRooms(manager(), owner, { limit: 100 }),
      await readOpenReports(manager(), { after: null, limit: 100 }),
    ];
    expect(JSON.stringify(told)).not.toContain(SECRET);
    const [sent] = (await hydrateRoomEvents(manager(), tail)).filter(({ type }) => type === 'message.sent');
    expect(sent!.message).toMatchObject({ seq, text: '', deletedAt: expect.any(Date) as Date });
  });

  test('a batch of events of many rooms is hydrated by one query', async () => {
    const groups = [await buildGroup(shop), await buildGroup(shop)];
    for (const { roomId, owner } of groups)
      for (const text of ['One', 'Two']) await say(shop, owner, roomId, text);
    const batch = (
      await Promise.all(
        groups.map(async ({ roomId }) =>
          (await readEvents(manager(), ROOM, roomId, 0, 100)).map((it) => ({ ...it, aggregateId: roomId })),
        ),
      )
    ).flat();
    const { result: hydrated, statements } = await countStatements(shop.database, () =>
      hydrateRoomEvents(manager(), batch),
    );
    expect(statements).toHaveLength(1);
    expect(hydrated.map(({ type }) => type)).toEqual(batch.map(({ type }) => type));
    expect(hydrated.flatMap(({ message }) => message?.text ?? [])).toEqual(['One', 'Two', 'One', 'Two']);
  });
});

describe('what was read', () => {
  const read = (actor: ChatActor, roomId: string, seq: number) =>
    shop.run((transaction) => markRead(transaction, actor, { roomId, seq }));
  const unreadOf = async (actor: ChatActor, roomId: string) =>
    (await readRoom(manager(), actor, roomId)).unread;

  test('the pointer only grows, to the end at most, and of two devices the farther one counts', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (const text of ['One', 'Two', 'Three', 'Four']) await say(shop, owner, roomId, text);
    expect(await unreadOf(member, roomId)).toBe(4);
    expect(await read(member, roomId, 3)).toEqual({ lastReadSeq: 3 });
    expect(await read(member, roomId, 1)).toEqual({ lastReadSeq: 3 });
    await Promise.all([read(member, roomId, 2), read(member, roomId, 4), read(member, roomId, 3)]);
    expect(await read(member, roomId, 2_000_000_000)).toEqual({ lastReadSeq: 4 });
    expect(await unreadOf(member, roomId)).toBe(0);
    const told = (await eventsOf(roomId)).filter(({ type }) => type === 'member.read');
    const accountId = member.accountId;
    expect(told.map(({ payload }) => payload['seq'])).toEqual(
      [...told.map(({ payload }) => payload['seq'] as number)].toSorted((a, b) => a - b),
    );
    expect(told.at(-1)!.payload).toEqual({ accountId, seq: 4 });
  });

  test('what one sends oneself and what was deleted is not unread, and it is counted to 100', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, member, roomId, 'Mine');
    const { seq } = await say(shop, owner, roomId, 'Theirs');
    expect(await unreadOf(member, roomId)).toBe(1);
    await shop.run((transaction) => deleteMessage(transaction, owner, { roomId, seq }));
    expect(await unreadOf(member, roomId)).toBe(0);
    await shop.run(async (transaction) => {
      for (let n = 0; n < 120; n += 1)
        await sendMessage(transaction, owner, { roomId, clientId: newId(), text: `${n}` });
    });
    expect(await unreadOf(member, roomId)).toBe(100);
  });

  test('whoever comes back has nothing unread of the time before, and the pointer is not behind', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, owner, roomId, 'One');
    await read(member, roomId, 1);
    await shop.run((transaction) => leaveRoom(transaction, member, { roomId }));
    expect(await codeOf(read(member, roomId, 1))).toBe('chat.room_not_found');
    await say(shop, owner, roomId, 'Two');
    await shop.run((transaction) =>
      inviteMember(transaction, owner, { roomId, accountId: member.accountId }),
    );
    expect(await readRoom(manager(), member, roomId)).toMatchObject({ unread: 0, lastReadSeq: 2 });
  });

  test('crosses no block: in the room of the two the pointer moves, and the other is neither told nor shown it', async () => {
    const { roomId, one, other } = await buildDirect(shop);
    for (const text of ['One', 'Two']) await say(shop, one, roomId, text);
    await read(other, roomId, 1);
    await shop.run((transaction) => blockPerson(transaction, other, { accountId: one.accountId }));
    expect(await read(other, roomId, 2)).toEqual({ lastReadSeq: 2 });

    const told = async () => (await eventsOf(roomId)).filter(({ type }) => type === 'member.read').length;
    const shown = async (reader: ChatActor, of: ChatActor) =>
      (await readMembers(manager(), reader, roomId)).find(({ accountId }) => accountId === of.accountId)!
        .lastReadSeq;
    expect(await told()).toBe(1);
    expect(await shown(one, other)).toBe(0);
    expect(await shown(other, one)).toBe(0);
    expect(await shown(other, other)).toBe(2);

    await shop.run((transaction) => unblockPerson(transaction, other, { accountId: one.accountId }));
    expect(await shown(one, other)).toBe(2);
    await say(shop, one, roomId, 'Three');
    await read(other, roomId, 3);
    expect(await told()).toBe(2);
  });

  test('in a large room nobody is told, and the pointer is in the list of members', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (let n = 0; n < 8; n += 1) {
      const { accountId } = await buildPerson(shop);
      await shop.run((transaction) => inviteMember(transaction, owner, { roomId, accountId }));
    }
    await say(shop, owner, roomId, 'One');
    await read(member, roomId, 1);
    expect((await eventsOf(roomId)).filter(({ type }) => type === 'member.read')).toEqual([]);
    const members = await readMembers(manager(), owner, roomId);
    expect(members.find(({ accountId }) => accountId === member.accountId)!.lastReadSeq).toBe(1);
  });
});

describe('lists', () => {
  test('rooms are listed by what was last written, page by page, each with its last message', async () => {
    const person = await buildPerson(shop);
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const roomId = newId();
      await shop.run((transaction) =>
        openGroup(transaction, person, { roomId, title: `Room ${n}`, history: 'all' }),
      );
      made.unshift(roomId);
    }
    await say(shop, person, made[3]!, 'Up');
    const expected = [made[3]!, made[0]!, made[1]!, made[2]!, made[4]!];
    const found: string[] = [];
    let after: { key: number; id: string } | undefined;
    do {
      const page = await readRooms(manager(), person, { after, limit: 2 });
      found.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      after = last && { key: last.activeAt.getTime(), id: last.id };
    } while (after);
    expect(found).toEqual(expected);
    const [first] = await readRooms(manager(), person, { limit: 1 });
    expect(first).toMatchObject({
      title: 'Room 1',
      lastMessage: { seq: 1, excerpt: 'Up', isDeleted: false },
    });
  });

  test('a history is read in both directions', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    for (let n = 1; n <= 7; n += 1) await say(shop, owner, roomId, `${n}`);
    const page = async (part: { before?: number; after?: number }) => {
      const { items, before, after } = await readMessages(manager(), member, { roomId, limit: 3, ...part });
      return [items.map(({ seq }) => seq), before, after];
    };
    expect(await page({})).toEqual([[5, 6, 7], 5, null]);
    expect(await page({ before: 5 })).toEqual([[2, 3, 4], 2, 4]);
    expect(await page({ before: 2 })).toEqual([[1], null, 1]);
    expect(await page({ after: 0 })).toEqual([[1, 2, 3], null, 3]);
    expect(await page({ after: 4 })).toEqual([[5, 6, 7], 5, null]);
    expect(await page({ after: 7 })).toEqual([[], 8, null]);
  });

  test('a search finds Persian however it was typed, in one’s own rooms only', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    await say(shop, owner, roomId, 'كتاب‌هاي نو رسيد، ۱۲ جلد');
    await say(shop, owner, roomId, 'Books 100%');
    const search = async (reader: ChatActor, typed: string) =>
      (await searchMessages(manager(), reader, { typed, roomId, limit: 5 })).map(({ seq }) => seq);
    expect(await search(member, 'کتاب')).toEqual([1]);
    expect(await search(member, '12 کتابهای')).toEqual([]);
    expect(await search(member, 'کتاب 12')).toEqual([1]);
    expect(await search(member, 'book')).toEqual([2]);
    expect(await search(member, '%%')).toEqual([]);
    expect(await search(member, 'ک')).toEqual([]);
    expect(await search(await buildPerson(shop), 'کتاب')).toEqual([]);
  });
});

describe('reports', () => {
  test('staff see the message, once for each who reports, and resolve all of them together', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const { seq } = await say(shop, member, roomId, 'Send me your card number');
    const report = (actor: ChatActor) =>
      shop.run((transaction) =>
        reportMessage(transaction, actor, { roomId, seq, reason: 'fraud', note: 'Look' }),
      );
    await report(owner);
    await report(owner);
    await report(moderator);
    expect(await codeOf(report(member))).toBe('chat.not_permitted');
    const open = async () =>
      (await readOpenReports(manager(), { after: null, limit: 100 })).filter((it) => it.roomId === roomId);
    const [first, second, ...rest] = await open();
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ text: 'Send me your card number', reason: 'fraud', note: 'Look' });
    const resolve = (reportId: string) =>
      shop.run((transaction) =>
        resolveReport(transaction, staff, { reportId, resolution: 'message_deleted' }),
      );
    expect(await resolve(first!.id)).toMatchObject({ text: '', resolvedBy: staff.accountId });
    expect(await open()).toEqual([]);
    expect(await codeOf(resolve(second!.id))).toBe('chat.report_resolved');
    expect(await codeOf(resolve(newId()))).toBe('chat.report_not_found');
    expect(await textsOf(owner, roomId)).toEqual(['']);
  });

  test('the room of a report can be archived', async () => {
    const { roomId, one, other } = await buildDirect(shop);
    const { seq } = await say(shop, one, roomId, 'Threat');
    await shop.run((transaction) =>
      reportMessage(transaction, other, { roomId, seq, reason: 'abuse', note: '' }),
    );
    const reports = await readOpenReports(manager(), { after: null, limit: 100 });
    const reportId = reports.find((it) => it.roomId === roomId)!.id;
    await shop.run((transaction) =>
      resolveReport(transaction, staff, { reportId, resolution: 'room_archived' }),
    );
    expect(await codeOf(say(shop, one, roomId, 'More'))).toBe('chat.room_archived');
  });
});

describe('a person who is erased', () => {
  test('leaves no text, no name, and every room, and an export shows what they wrote', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const direct = await shop.run((transaction) =>
      openDirectRoom(transaction, owner, { accountId: member.accountId }),
    );
    const { accountId } = owner;
    await shop.run((transaction) => changeProfile(transaction, { accountId, name: 'Ziba' }));
    await say(shop, owner, roomId, 'I live in Shiraz');
    await say(shop, member, roomId, 'Nice', { replyToSeq: 1 });
    await say(shop, owner, direct.roomId, 'Secret');
    expect((await readMessages(manager(), member, { roomId, limit: 5 })).items[0]!.senderName).toBe('Ziba');
    const { messages, roomMembers } = await shop.run((transaction) => exportAccount(transaction, accountId));
    expect(messages!.map((it) => it['text'])).toEqual(['Secret', 'I live in Shiraz']);
    expect(roomMembers).toHaveLength(2);

    await shop.run((transaction) => eraseAccount(transaction, accountId));

    const { items } = await readMessages(manager(), member, { roomId, limit: 5 });
    expect(items.map(({ text, senderName, replyToSeq }) => [text, senderName, replyToSeq])).toEqual([
      ['', null, null],
      ['Nice', null, 1],
    ]);
    expect((await eventsOf(roomId)).slice(-2)).toMatchObject([
      { type: 'member.left', payload: { accountId, reason: 'erased' } },
      { type: 'member.role', payload: { role: 'owner' } },
    ]);
    expect(await codeOf(say(shop, member, direct.roomId, 'Still there?'))).toBe('chat.room_archived');
    expect(await codeOf(say(shop, owner, roomId, 'Back'))).toBe('chat.room_not_found');
  });

  test('is told to the rooms that they had left, if something of theirs is there', async () => {
    const [spoken, silent] = [await buildGroup(shop), await buildGroup(shop)];
    const { accountId } = spoken.member;
    await say(shop, spoken.member, spoken.roomId, 'My number is 1');
    await shop.run((transaction) =>
      inviteMember(transaction, silent.owner, { roomId: silent.roomId, accountId }),
    );
    for (const { roomId } of [spoken, silent])
      await shop.run((transaction) => leaveRoom(transaction, spoken.member, { roomId }));
    await shop.run((transaction) => eraseAccount(transaction, accountId));
    const last = async (roomId: string) => (await eventsOf(roomId)).at(-1);
    expect(await last(spoken.roomId)).toEqual({
      ...{ type: 'member.left', payload: { accountId, reason: 'erased' } },
    });
    expect(await last(silent.roomId)).toEqual({
      ...{ type: 'member.left', payload: { accountId, reason: 'left' } },
    });
  });

  test('whoever sends at this moment comes before the erasure, which blanks it, or after it', async () => {
    const { roomId, member } = await buildGroup(shop);
    const sending = (transaction: Transaction) =>
      sendMessage(transaction, member, { roomId, clientId: newId(), text: 'Last words' });
    const erasing = (transaction: Transaction) => eraseAccount(transaction, member.accountId);
    const first = await interleave(shop, sending, erasing);
    expect(first).toMatchObject({ waited: true, second: { status: 'fulfilled' } });
    const next = await buildGroup(shop);
    const second = await interleave(
      shop,
      (transaction) => eraseAccount(transaction, next.member.accountId),
      (transaction) =>
        sendMessage(transaction, next.member, { roomId: next.roomId, clientId: newId(), text: 'Late' }),
    );
    expect(second).toMatchObject({
      waited: true,
      second: { status: 'rejected', reason: { code: 'chat.room_not_found' } },
    });
  });
});
