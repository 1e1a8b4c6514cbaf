import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { inviteMember } from '../../entities/chat/arrange-members';
import { blockPerson, unblockPerson } from '../../entities/chat/block-person';
import type { ChatActor } from '../../entities/chat/room-access';
import { newId } from '../../entities/values/uuid';
import { createRedis } from '../../platform/redis';
import { eventually } from '../support/eventually';
import { buildDirect, buildGroup, buildPerson, say } from '../support/factories/chat';
import { SILENT } from '../support/journal';
import {
  openRealtimeNode,
  redisConfigOf,
  type LiveClient,
  type OpenRealtime,
} from '../support/open-realtime';
import type { ShopDatabase } from '../support/shop-database';
import { openTcpGate } from '../support/tcp-gate';
import {
  codeOf,
  enterAt,
  eventsOf,
  followAt,
  gets,
  idOf,
  told,
  openChatNodes,
  type ChatNodes,
} from './chat-callers';

let nodes: ChatNodes;
let shop: ShopDatabase;
let one: OpenRealtime;
let other: OpenRealtime;

beforeAll(async () => {
  nodes = await openChatNodes();
  ({ shop, one, other } = nodes);
});
afterAll(() => nodes.close());

const enter = (actor: ChatActor, node = one) => enterAt(node, actor);
const follow = (actor: ChatActor, roomId: string, node = one) => followAt(node, actor, roomId);

describe('what was read', () => {
  test('only grows, to the end, and of two devices the farther one counts; also after coming back', async () => {
    const { roomId, owner, moderator, member } = await buildGroup(shop);
    for (const text of ['1', '2', '3', '4']) await say(shop, owner, roomId, text);
    const [phone, laptop, third, watching] = await Promise.all([
      enter(member, one),
      enter(member, other),
      enter(moderator),
      follow(owner, roomId),
    ]);
    const read = (client: LiveClient, seq: number) => client.get('read', { roomId, seq });
    expect(await Promise.all([read(phone, 3), read(laptop, 2)])).toContainEqual({ lastReadSeq: 3 });
    expect(await read(third, 2_000_000_000)).toEqual({ lastReadSeq: 4 });
    expect(await read(third, 1)).toEqual({ lastReadSeq: 4 });
    const seqsOf = ({ accountId }: ChatActor) =>
      eventsOf(watching, roomId)
        .filter(({ type, payload }) => type === 'member.read' && payload['accountId'] === accountId)
        .map(({ payload }) => Number(payload['seq']));
    await eventually(
      () => [seqsOf(member).at(-1), seqsOf(moderator).at(-1)],
      ([its, theirs]) => its === 3 && theirs === 4,
    );
    expect(seqsOf(member)).toEqual(seqsOf(member).toSorted((a, b) => a - b));

    const back = await buildPerson(shop);
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(back) }));
    const client = await enter(back);
    await client.get('leave', { roomId });
    await say(shop, owner, roomId, '5');
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(back) }));
    expect(await read(client, 0)).toEqual({ lastReadSeq: 5 });
  });
});

describe('typing', () => {
  test('is told to members on all nodes, once in 2 s, and by members only', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const stranger = await buildPerson(shop);
    const [writing, second, here, there, outside] = await Promise.all([
      enter(owner),
      enter(owner, other),
      follow(member, roomId, one),
      follow(member, roomId, other),
      enter(stranger),
    ]);
    expect(codeOf(await outside.call('typing', { roomId }))).toBe('chat.room_not_found');
    // What is volatile may be lost.
    await eventually(
      async () => {
        await writing.get('typing', { roomId });
        await second.get('typing', { roomId });
        return [here, there].map((client) => told(client, 'typing').length);
      },
      (counts) => counts.every((count) => count > 0),
    );
    for (const client of [here, there]) {
      expect(told(client, 'typing')[0]).toEqual({ roomId, accountId: owner.accountId });
    }
    expect(outside.others).toEqual([]);
    const before = told(here, 'typing').length;
    for (let count = 0; count < 20; count += 1) await writing.get('typing', { roomId });
    expect(told(here, 'typing').length - before).toBeLessThanOrEqual(1);
  });
});

describe('presence', () => {
  const stateOf = async (client: LiveClient, roomId: string, { accountId }: ChatActor) => {
    const { people } = await client.get<{ people: { accountId: string; state: string }[] }>('presence', {
      roomId,
    });
    return people.find((person) => person.accountId === accountId)?.state;
  };
  const becomes = (client: LiveClient, roomId: string, actor: ChatActor, state: string) =>
    eventually(
      () => stateOf(client, roomId, actor),
      (now) => now === state,
    );

  test('lasts as long as one tab on any node, and is told to the room', async () => {
    const { roomId, owner, member, moderator } = await buildGroup(shop);
    const asking = await follow(owner, roomId);
    const blocked = await enter(await buildPerson(shop));
    expect(await becomes(asking, roomId, member, 'offline')).toBe('offline');
    const tabs = [await follow(member, roomId, one), await follow(member, roomId, other)];
    expect(await stateOf(asking, roomId, member)).toBe('online');
    expect(told(asking, 'presence')).toContainEqual({ roomId, ...idOf(member), state: 'online' });
    const sockets = await one.metric('realtime_sockets');
    tabs[0]!.close();
    await eventually(
      () => one.metric('realtime_sockets'),
      (count) => count < sockets,
    );
    expect(await stateOf(asking, roomId, member)).toBe('online');
    tabs[1]!.close();
    await becomes(asking, roomId, member, 'offline');
    await eventually(
      () => told(asking, 'presence'),
      (all) => all.some(({ state }) => state === 'offline'),
    );
    expect(told(asking, 'presence').filter(({ state }) => state === 'offline')).toEqual([
      { roomId, ...idOf(member), state: 'offline' },
    ]);
    expect(codeOf(await blocked.call('presence', { roomId }))).toBe('chat.room_not_found');
    expect(await stateOf(asking, roomId, moderator)).toBe('offline');
  });

  test('is not told within a blocked pair', async () => {
    const { roomId, one: blocker, other: blocked } = await buildDirect(shop);
    const watching = await follow(blocked, roomId);
    await shop.run((transaction) => blockPerson(transaction, blocker, idOf(blocked)));
    const back = await follow(blocker, roomId);
    await watching.get('blocks');
    expect(told(watching, 'presence')).toEqual([]);
    expect(codeOf(await back.call('presence', { roomId }))).toBe('chat.blocked');
    await shop.run((transaction) => unblockPerson(transaction, blocker, idOf(blocked)));
    await follow(blocker, roomId);
    await eventually(
      () => told(watching, 'presence'),
      ({ length }) => length > 0,
    );
    expect(told(watching, 'presence')).toEqual([{ roomId, ...idOf(blocker), state: 'online' }]);
  });

  test('is not told in a common room to whom one has blocked, nor by them, and unknown there', async () => {
    const { roomId, owner, member, moderator } = await buildGroup(shop);
    await shop.run((transaction) => blockPerson(transaction, owner, idOf(member)));
    const [blocker, blocked, third] = [
      await follow(owner, roomId),
      await follow(member, roomId, other),
      await follow(moderator, roomId, other),
    ];
    await becomes(third, roomId, owner, 'online');
    expect(await stateOf(third, roomId, member)).toBe('online');
    expect(await stateOf(blocked, roomId, owner)).toBe('unknown');
    expect(await stateOf(blocker, roomId, member)).toBe('unknown');
    const again = await follow(owner, roomId, other);
    await eventually(
      () => told(third, 'presence'),
      (all) => all.some(({ accountId }) => accountId === owner.accountId),
    );
    expect(await stateOf(blocked, roomId, moderator)).toBe('online');
    const people = (client: LiveClient) => told(client, 'presence').map(({ accountId }) => accountId);
    expect(people(blocked)).not.toContain(owner.accountId);
    expect(people(blocker)).not.toContain(member.accountId);
    for (const client of [again, blocker]) client.close();
    await eventually(
      () => told(third, 'presence'),
      (all) => all.some(({ state }) => state === 'offline'),
    );
    await blocked.get('blocks');
    expect(people(blocked)).not.toContain(owner.accountId);
  });

  test('is told seldom of somebody who comes and goes all the time', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const [watching, restless] = [await follow(owner, roomId), await enter(member)];
    for (let count = 0; count < 30; count += 1) {
      await restless.get('subscribe', { roomId });
      await restless.get('unsubscribe', { roomId });
    }
    await watching.get('blocks');
    const { length } = told(watching, 'presence');
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(10);
  });

  test('outlives its time while its node lives, and ends when the node is killed', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const gate = await openTcpGate(new URL(redisConfigOf(shop).redisUrl).host);
    const dying = await openRealtimeNode(shop, {
      redisUrl: `redis://${gate.address}`,
      realtime: { presenceSeconds: 1 },
    });
    const asking = await follow(owner, roomId);
    const there = await enter(member, dying);
    await becomes(asking, roomId, member, 'online');
    const since = Date.now();
    await eventually(
      async () => {
        expect(await stateOf(asking, roomId, member)).toBe('online');
        return Date.now() - since;
      },
      (passed) => passed > 1_500,
    );
    // Of a node that is killed nothing reaches Redis any more.
    gate.swallow();
    await becomes(asking, roomId, member, 'offline');
    there.close();
    gate.open();
    await dying.close();
    await gate.close();
  });

  test('is unknown without Redis, and announced again when Redis is back, empty', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const { host } = new URL(redisConfigOf(shop).redisUrl);
    const gates = [await openTcpGate(host), await openTcpGate(host)];
    const [near, far] = await Promise.all(
      gates.map((gate) =>
        openRealtimeNode(shop, { redisUrl: `redis://${gate.address}`, realtime: { presenceSeconds: 1 } }),
      ),
    );
    const [asking, there] = [await follow(owner, roomId, near), await follow(member, roomId, far)];
    await becomes(asking, roomId, member, 'online');
    gates.forEach((gate) => gate.shut());
    await becomes(asking, roomId, member, 'unknown');
    expect(await stateOf(asking, roomId, owner)).toBe('online');
    await there.get('send', { roomId, clientId: newId(), text: 'still' });
    await gets(asking, roomId, 'message.sent');
    await there.get('typing', { roomId });

    const redis = createRedis(redisConfigOf(shop), SILENT);
    for (const { accountId } of [owner, member]) await redis.del(`presence:${accountId}`);
    redis.disconnect();
    gates.forEach((gate) => gate.open());
    await becomes(asking, roomId, member, 'online');
    const states = new Set<string | undefined>();
    await eventually(
      async () => {
        await there.get('typing', { roomId });
        states.add(await stateOf(asking, roomId, member));
        return told(asking, 'typing').length;
      },
      (count) => count > 0,
    );
    expect([...states]).toEqual(['online']);
    await Promise.all([near!.close(), far!.close()]);
    for (const gate of gates) await gate.close();
  });
});
