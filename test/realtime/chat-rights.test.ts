import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { changeRole, inviteMember, leaveRoom } from '../../entities/chat/arrange-members';
import { blockPerson } from '../../entities/chat/block-person';
import { openGroup } from '../../entities/chat/open-room';
import type { ChatActor } from '../../entities/chat/room-access';
import { newId } from '../../entities/values/uuid';
import { CHAT } from '../../realtime/chat/chat.namespace';
import { buildAgent, buildDirect, buildPerson, say } from '../support/factories/chat';
import { openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { codeOf, enterAt, idOf } from './chat-callers';

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
