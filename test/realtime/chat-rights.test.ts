import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { changeRole, inviteMember, joinRoom, leaveRoom } from '../../entities/chat/arrange-members';
import { blockPerson } from '../../entities/chat/block-person';
import { archiveRoom } from '../../entities/chat/change-room';
import { MEMBERS_AT_MOST } from '../../entities/chat/chat-limits';
import { ROOM, type RoomEvents } from '../../entities/chat/chat.events';
import { openGroup } from '../../entities/chat/open-room';
import { ROOM_KINDS, type RoomKind } from '../../entities/chat/room';
import type { ChatActor } from '../../entities/chat/room-access';
import type { RoomView } from '../../entities/chat/room.view';
import type { EventOf } from '../../entities/events/aggregate';
import { recordEvents } from '../../entities/events/record-events';
import { newId } from '../../entities/values/uuid';
import { CHAT } from '../../realtime/chat/chat.namespace';
import { eventually } from '../support/eventually';
import {
  buildAgent,
  buildDirect,
  buildGroup,
  buildPerson,
  buildShopRoom,
  buildSupport,
  say,
} from '../support/factories/chat';
import { openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { codeOf, enterAt, idOf, followAt, gets } from './chat-callers';

let shop: ShopDatabase;
let one: OpenRealtime;
beforeAll(async () => {
  shop = await openShopDatabase();
  one = await openRealtimeNode(shop, { realtime: { framesPerSecond: 1_000, framesAtOnce: 1_000 } });
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await one.close();
  await shop.close();
});

const ROLES = [
  'stranger',
  'left',
  'member',
  'moderator',
  'owner',
  'blocked',
  'agent',
  'staff',
  'admin',
] as const;
type Role = (typeof ROLES)[number];
type Outcomes = readonly string[];
type VerbName = keyof typeof CHAT.verbs;

/** What a verb is asked for. */
interface Scene {
  readonly roomId: string;
  /** A message of somebody else, and one of the caller's own where there is one. */
  readonly theirs: number;
  readonly own: number;
  /** A member whom the caller may want to remove or promote. */
  readonly victim: string;
  readonly friend: string;
  readonly foe: string;
}

const FREE: Outcomes = ROLES.map(() => 'ok');
const AGENTS: Outcomes = ROLES.map((role) =>
  ['agent', 'staff', 'admin'].includes(role) ? 'ok' : 'access.forbidden',
);
/** Outcomes of those who are in the room; of the others there is none. */
const inside = (member: string, moderator = member, owner = moderator, blocked = owner): Outcomes => {
  const none = 'chat.room_not_found';
  return [none, none, member, moderator, owner, blocked, none, none, none];
};
const NO = 'chat.not_permitted';
const KIND = 'chat.room_kind';
const file = { name: 'a.png', type: 'image/png', bytes: 10 };

/** What comes of each verb for each role: a further verb does not compile without its row. */
const MATRIX: Readonly<Record<VerbName, readonly [(scene: Scene) => object, Outcomes]>> = {
  rooms: [() => ({}), FREE],
  'rooms.shop': [() => ({}), FREE],
  'rooms.support': [() => ({}), AGENTS],
  room: [({ roomId }) => ({ roomId }), inside('ok')],
  subscribe: [({ roomId }) => ({ roomId }), inside('ok')],
  unsubscribe: [({ roomId }) => ({ roomId }), FREE],
  'open.direct': [
    ({ friend }) => ({ accountId: friend }),
    FREE.with(ROLES.indexOf('blocked'), 'chat.blocked'),
  ],
  'open.group': [() => ({ clientId: newId(), title: 'x' }), FREE],
  'open.support': [() => ({}), FREE],
  change: [({ roomId }) => ({ roomId, title: 'New' }), inside(NO, 'ok', 'ok', KIND)],
  archive: [({ roomId }) => ({ roomId }), inside(NO, NO, 'ok', KIND)],
  members: [({ roomId }) => ({ roomId }), inside('ok')],
  invite: [({ roomId, friend }) => ({ roomId, accountId: friend }), inside(NO, 'ok', 'ok', KIND)],
  remove: [({ roomId, victim }) => ({ roomId, accountId: victim }), inside(NO, 'ok', 'ok', KIND)],
  role: [
    ({ roomId, victim }) => ({ roomId, accountId: victim, role: 'moderator' }),
    inside(NO, NO, 'ok', KIND),
  ],
  join: [({ roomId }) => ({ roomId }), inside(KIND)],
  leave: [({ roomId }) => ({ roomId }), inside('ok', 'ok', 'ok', KIND)],
  blocks: [() => ({}), FREE],
  block: [({ foe }) => ({ accountId: foe }), FREE],
  unblock: [({ foe }) => ({ accountId: foe }), FREE],
  typing: [({ roomId }) => ({ roomId }), inside('ok', 'ok', 'ok', 'chat.blocked')],
  presence: [({ roomId }) => ({ roomId }), inside('ok', 'ok', 'ok', 'chat.blocked')],
  history: [({ roomId }) => ({ roomId }), inside('ok')],
  message: [({ roomId, theirs }) => ({ roomId, seq: theirs }), inside('ok')],
  search: [() => ({ text: 'x' }), FREE],
  send: [
    ({ roomId }) => ({ roomId, clientId: newId(), text: 'x' }),
    inside('ok', 'ok', 'ok', 'chat.blocked'),
  ],
  edit: [({ roomId, own }) => ({ roomId, seq: own, text: 'y' }), inside('ok', 'ok', 'ok', 'chat.blocked')],
  delete: [({ roomId, theirs }) => ({ roomId, seq: theirs }), inside(NO, 'ok', 'ok', NO)],
  report: [({ roomId, theirs }) => ({ roomId, seq: theirs, reason: 'spam' }), inside('ok')],
  read: [({ roomId, theirs }) => ({ roomId, seq: theirs }), inside('ok')],
  'file.request': [({ roomId }) => ({ roomId, ...file }), inside('ok')],
  'file.complete': [() => ({ attachmentId: newId() }), ROLES.map(() => 'chat.attachment_not_found')],
  'file.link': [() => ({ attachmentId: newId() }), ROLES.map(() => 'chat.attachment_not_found')],
};

const enter = (actor: ChatActor) => enterAt(one, actor);
const follow = (actor: ChatActor, roomId: string) => followAt(one, actor, roomId);

describe('a verb', () => {
  let people: Readonly<Record<Role, ChatActor>>;
  let clients: Readonly<Record<Role, LiveClient>>;
  let victims: readonly ChatActor[];
  let direct: string;
  let friend: ChatActor;
  let foe: ChatActor;
  let blocker: ChatActor;
  const DIRECT_OWN = 1;
  const DIRECT_THEIRS = 2;

  beforeAll(async () => {
    const pair = await buildDirect(shop);
    direct = pair.roomId;
    blocker = pair.one;
    await say(shop, pair.other, direct, 'own');
    await say(shop, blocker, direct, 'theirs');
    await shop.run((transaction) => blockPerson(transaction, blocker, idOf(pair.other)));
    friend = await buildPerson(shop);
    foe = await buildPerson(shop);
    victims = [await buildPerson(shop), await buildPerson(shop)];
    people = {
      stranger: await buildPerson(shop),
      left: await buildPerson(shop),
      member: await buildPerson(shop),
      moderator: await buildPerson(shop),
      owner: await buildPerson(shop),
      blocked: pair.other,
      agent: await buildAgent(shop, 'support'),
      staff: await buildAgent(shop, 'staff'),
      admin: await buildAgent(shop, 'admin'),
    };
    const joined = await Promise.all(ROLES.map((role) => enterAt(one, people[role])));
    clients = Object.fromEntries(ROLES.map((role, place) => [role, joined[place]!])) as typeof clients;
  });

  /** A group with a message of each of its people, and a foreign one. */
  async function buildScene(): Promise<(role: Role) => Scene> {
    const roomId = newId();
    const { left, member, moderator, owner } = people;
    await shop.run(async (transaction) => {
      await openGroup(transaction, owner, { roomId, title: 'Books', history: 'all' });
      for (const person of [left, member, moderator, ...victims])
        await inviteMember(transaction, owner, { roomId, ...idOf(person) });
      await changeRole(transaction, owner, { roomId, ...idOf(moderator), role: 'moderator' });
    });
    const own: Partial<Record<Role, number>> = {};
    const theirs: number[] = [];
    for (const role of ['left', 'member', 'moderator', 'owner'] as const)
      own[role] = (await say(shop, people[role], roomId, `of ${role}`)).seq;
    for (const victim of victims) theirs.push((await say(shop, victim, roomId, 'of a victim')).seq);
    await shop.run((transaction) => leaveRoom(transaction, left, { roomId }));
    return (role) => {
      const victim = victims[role === 'owner' ? 1 : 0]!.accountId;
      const all = { victim, foe: foe.accountId };
      if (role === 'blocked') {
        return { ...all, roomId: direct, own: DIRECT_OWN, theirs: DIRECT_THEIRS, friend: blocker.accountId };
      }
      const seqs = { own: own[role] ?? 1, theirs: theirs[role === 'owner' ? 1 : 0]! };
      return { ...all, ...seqs, roomId, friend: friend.accountId };
    };
  }

  test.each(Object.keys(CHAT.verbs) as VerbName[])('%s serves those whom it should', async (verb) => {
    const [input, outcomes] = MATRIX[verb];
    const sceneOf = await buildScene();
    const found: string[] = [];
    for (const role of ROLES) {
      found.push(codeOf(await clients[role].call(verb, input(sceneOf(role)))));
      // Ten refusals in a row would end the socket.
      await clients[role].get('blocks');
    }
    expect(Object.fromEntries(ROLES.map((role, place) => [role, found[place]]))).toEqual(
      Object.fromEntries(ROLES.map((role, place) => [role, outcomes[place]])),
    );
  });

  test('serves no guest: nobody joins without having signed in', async () => {
    await expect(one.connect('/chat')).rejects.toThrow('access.token_missing');
    expect(Object.values(CHAT.verbs).filter((verb) => 'guests' in verb)).toEqual([]);
  });
});

describe('an event', () => {
  /** Everybody who may stand before a room: `visitor` is in the room of the shop, and `agent` has joined the customer's. */
  const WATCHERS = [
    ...(['stranger', 'left', 'member', 'moderator', 'owner', 'one', 'other', 'customer', 'visitor'] as const),
    ...(['agent', 'agent as a customer', 'support', 'staff', 'admin'] as const),
  ] as const;
  type Watcher = (typeof WATCHERS)[number];
  const AUDIENCES = {
    direct: ['one', 'other'],
    group: ['member', 'moderator', 'owner'],
    support: ['customer', 'agent', 'support', 'staff', 'admin'],
    shop: ['visitor', 'staff', 'admin'],
  } as const satisfies Record<RoomKind, readonly Watcher[]>;
  /** Somebody in the room of this kind who can write. */
  const WRITERS = { direct: 'one', group: 'owner', support: 'customer', shop: 'visitor' } as const;

  let watchers: Readonly<Record<Watcher, { readonly actor: ChatActor; readonly client: LiveClient }>>;
  let rooms: Readonly<Record<RoomKind, string>>;

  beforeAll(async () => {
    const [direct, group, support] = [
      await buildDirect(shop),
      await buildGroup(shop),
      await buildSupport(shop),
    ];
    const [left, visitor, agent] = [
      await buildPerson(shop),
      await buildPerson(shop),
      await buildAgent(shop, 'support'),
    ];
    const staff = await buildAgent(shop, 'staff');
    const { roomId } = group;
    rooms = {
      direct: direct.roomId,
      group: roomId,
      support: support.roomId,
      shop: await buildShopRoom(shop, staff),
    };
    await shop.run(async (transaction) => {
      await inviteMember(transaction, group.owner, { roomId, ...idOf(left) });
      await leaveRoom(transaction, left, { roomId });
      for (const actor of [left, visitor]) await joinRoom(transaction, actor, { roomId: rooms.shop });
      await leaveRoom(transaction, left, { roomId: rooms.shop });
      await joinRoom(transaction, agent, { roomId: rooms.support });
    });
    const actors: Record<Watcher, ChatActor> = {
      ...{ ...group, ...direct, left, visitor, agent, staff, customer: support.customer },
      stranger: await buildPerson(shop),
      'agent as a customer': await buildPerson(shop, agent.accountId),
      support: await buildAgent(shop, 'support'),
      admin: await buildAgent(shop, 'admin'),
    };
    for (const kind of ROOM_KINDS) await say(shop, actors[WRITERS[kind]], rooms[kind], 'first');
    const entered = await Promise.all(
      WATCHERS.map(async (watcher) => {
        const client = await enterAt(one, actors[watcher]);
        // They ask for everything, and get what they may have.
        await client.get('rooms');
        await client.call('rooms.support');
        for (const id of Object.values(rooms)) await client.call('subscribe', { roomId: id });
        return [watcher, { actor: actors[watcher], client }] as const;
      }),
    );
    watchers = Object.fromEntries(entered) as typeof watchers;
  });

  /** Who has got what this looks for, once everybody has who should, in the order of {@link WATCHERS}. */
  async function reached(expected: readonly Watcher[], hasGot: (client: LiveClient) => boolean) {
    const found = () => WATCHERS.filter((watcher) => hasGot(watchers[watcher].client));
    await eventually(found, (names) => expected.every((name) => names.includes(name)));
    // What was sent before an answer has come before it.
    for (const { client } of Object.values(watchers)) await client.get('blocks');
    return found();
  }

  /** The payload of each type: a further one does not compile without its row. */
  const payloadsOf = (
    accountId: string,
    senderId: string,
  ): { readonly [Type in keyof RoomEvents]: RoomEvents[Type] } => ({
    'room.opened': { kind: 'group' },
    'room.changed': {},
    'room.archived': {},
    'room.blocks_changed': {},
    'member.joined': { accountId, role: 'member' },
    'member.left': { accountId, reason: 'left' },
    'member.role': { accountId, role: 'member' },
    'member.read': { accountId, seq: 1 },
    'message.sent': { seq: 1, senderId },
    'message.edited': { seq: 1 },
    'message.deleted': { seq: 1 },
  });
  const TYPES = Object.keys(payloadsOf('', '')) as (keyof RoomEvents)[];

  test.each(ROOM_KINDS.flatMap((kind) => TYPES.map((type) => [kind, type] as const)))(
    'in a room of kind %s: %s reaches its people, and nobody else',
    async (kind, type) => {
      const { left, [WRITERS[kind]]: writer } = watchers;
      const payload = payloadsOf(left.actor.accountId, writer.actor.accountId)[type];
      await shop.run((transaction) =>
        recordEvents(transaction, ROOM, rooms[kind], { type, payload } as EventOf<RoomEvents>),
      );
      const { version } = await writer.client.get<RoomView>('room', { roomId: rooms[kind] });
      // Whoever has just left hears that in their list. A customer's room is not in the list of anybody else.
      const gone = type === 'member.left' && kind !== 'support' ? (['left'] as const) : [];
      const expected = WATCHERS.filter((name) => [...AUDIENCES[kind], ...gone].some((it) => it === name));
      const hasGot = ({ events }: LiveClient) =>
        events.some((event) => event.id === rooms[kind] && event.version === version && event.type === type);
      expect(await reached(expected, hasGot)).toEqual(expected);
    },
  );

  test.each(ROOM_KINDS)(
    'in a room of kind %s: typing and presence reach whoever has it open',
    async (kind) => {
      const roomId = rooms[kind];
      const { actor, client } = watchers[WRITERS[kind]];
      const expected = WATCHERS.filter((name) =>
        AUDIENCES[kind].some((it) => it === name && it !== WRITERS[kind]),
      );
      const hasGot = (name: string) => (it: LiveClient) =>
        it.others.some(
          (told) =>
            told.name === name &&
            (told.payload as { roomId: string }).roomId === roomId &&
            (told.payload as { accountId: string }).accountId === actor.accountId,
        );
      await client.get('typing', { roomId });
      expect(await reached(expected, hasGot('typing'))).toEqual(expected);
      await client.get('unsubscribe', { roomId });
      await client.get('subscribe', { roomId });
      expect(await reached(expected, hasGot('presence'))).toEqual(expected);
    },
  );
});

describe('what is refused', () => {
  test('a foreign reply, another’s message, what is too late, archived or of a blocked pair', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const elsewhere = await buildGroup(shop);
    for (let count = 0; count < 3; count += 1) await say(shop, elsewhere.owner, elsewhere.roomId, 'foreign');
    const { seq } = await say(shop, owner, roomId, 'mine');
    const client = await enter(member);
    const send = (more: object) => client.call('send', { roomId, clientId: newId(), text: 'x', ...more });
    expect(codeOf(await send({ replyToSeq: 3 }))).toBe('chat.message_not_found');
    expect(codeOf(await client.call('edit', { roomId, seq, text: 'hacked' }))).toBe('chat.not_permitted');
    expect(codeOf(await client.call('delete', { roomId, seq }))).toBe('chat.not_permitted');
    const old = await say(shop, member, roomId, 'old');
    await rows(
      shop.database.manager,
      `UPDATE messages SET created_at = now() - interval '16 minutes' WHERE room_id = $1 AND seq = $2`,
      [roomId, old.seq],
    );
    expect(codeOf(await client.call('edit', { roomId, seq: old.seq, text: 'late' }))).toBe(
      'chat.edit_too_late',
    );
    expect(await client.get('delete', { roomId, seq: old.seq })).toMatchObject({ text: '' });
    await shop.run((transaction) => archiveRoom(transaction, owner, { roomId }));
    const late = await enter(moderator);
    const message = { roomId, clientId: newId(), text: 'x' };
    expect(codeOf(await late.call('send', message))).toBe('chat.room_archived');
    expect(codeOf(await client.call('typing', { roomId }))).toBe('chat.room_archived');
    expect(await client.get('history', { roomId })).toMatchObject({
      items: [{ text: 'mine' }, { text: '' }],
    });

    const direct = await buildDirect(shop);
    const blocked = await follow(direct.other, direct.roomId);
    await shop.run((transaction) => blockPerson(transaction, direct.one, idOf(direct.other)));
    // It is told that it cannot write, not by whom.
    expect(await gets(blocked, direct.roomId, 'room.blocks_changed')).toMatchObject([{ payload: {} }]);
    expect(await blocked.get('room', { roomId: direct.roomId })).toMatchObject({ isWritable: false });
    for (const verb of ['send', 'typing', 'presence']) {
      const input = { roomId: direct.roomId, ...(verb === 'send' && { clientId: newId(), text: 'x' }) };
      expect([verb, codeOf(await blocked.call(verb, input))]).toEqual([verb, 'chat.blocked']);
    }
  });

  test('the 101st member, and the group passes on when its owner leaves', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    const client = await enter(owner);
    const staff = await buildAgent(shop, 'staff');
    const shopRoom = await buildShopRoom(shop, staff);
    await rows(
      shop.database.manager,
      `WITH people AS (INSERT INTO accounts (id, phone) SELECT gen_random_uuid(), '+98999' || lpad((1000000 + n)::text, 7, '0') FROM generate_series(1, $2::integer) AS n RETURNING id)
       INSERT INTO room_members (room_id, account_id, role, joined_seq, last_read_seq) SELECT $1, id, 'member', 0, 0 FROM people`,
      [shopRoom, MEMBERS_AT_MOST - 1],
    );
    expect(codeOf(await client.call('join', { roomId: shopRoom }))).toBe('ok');
    expect(codeOf(await (await enter(member)).call('join', { roomId: shopRoom }))).toBe('chat.room_full');
    const heir = await follow(moderator, roomId);
    await client.get('leave', { roomId });
    expect(await gets(heir, roomId, 'member.role')).toMatchObject([
      { payload: { accountId: moderator.accountId, role: 'owner' } },
    ]);
    await heir.get('leave', { roomId });
    const last = await follow(member, roomId);
    await last.get('leave', { roomId });
    await gets(last, roomId, 'member.left');
    expect(codeOf(await last.call('send', { roomId, clientId: newId(), text: 'x' }))).toBe(
      'chat.room_not_found',
    );
  });

  test.each([
    ['a text of 4,001 characters', { text: 'x'.repeat(4_001) }, 'request.invalid'],
    ['control characters', { text: 'a\u0000b' }, 'request.invalid'],
    ['characters that turn the direction', { text: 'a\u202eb' }, 'request.invalid'],
    ['no text', { text: ' ' }, 'chat.text_invalid'],
    ['an id that is no UUIDv7', { clientId: 'b9a5d9c2-7f43-4d0e-9f0f-0d1c8a7b6e55' }, 'request.invalid'],
    ['six files', { attachmentIds: Array.from({ length: 6 }, newId) }, 'request.invalid'],
    ['a field of another protocol', { file_data: { content: 'YQ==' } }, 'request.invalid'],
  ])('a message with %s', async (_what, more, code) => {
    const { roomId, one: sender } = await buildDirect(shop);
    const client = await enter(sender);
    const answer = await client.call('send', { roomId, clientId: newId(), text: 'x', ...more });
    expect(codeOf(answer)).toBe(code);
  });
});
