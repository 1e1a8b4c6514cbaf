import type { DataSource, EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { endSessions } from '../../entities/auth/end-sessions';
import { inviteMember, joinRoom, leaveRoom, removeMember } from '../../entities/chat/arrange-members';
import { deleteMessage } from '../../entities/chat/change-message';
import { CHAT_LIMITS } from '../../entities/chat/chat-limits';
import type { MessageView } from '../../entities/chat/message.view';
import type { ChatActor } from '../../entities/chat/room-access';
import type { RoomView } from '../../entities/chat/room.view';
import { sendMessage } from '../../entities/chat/send-message';
import type { JournalEvent } from '../../entities/events/read-journal';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { createRedis } from '../../platform/redis';
import { countStatements } from '../../platform/statement-count';
import { FOLLOW_ROOMS } from '../../realtime/chat/chat-rooms';
import { CHAT } from '../../realtime/chat/chat.namespace';
import { createLiveClient } from '../../realtime/client/client';
import type { SubscribedView } from '../../realtime/subscribe-to';
import { eventually } from '../support/eventually';
import {
  buildAgent,
  buildDirect,
  buildGroup,
  buildPerson,
  buildSupport,
  say,
} from '../support/factories/chat';
import { SILENT } from '../support/journal';
import { redisConfigOf, type LiveClient, type OpenRealtime, liveToken } from '../support/open-realtime';
import type { ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openApiUnderTest } from '../unit/api/open-api-under-test';
import { buildGate } from '../workflows/gate';
import {
  codeOf,
  enterAt,
  eventsOf,
  followAt,
  gets,
  idOf,
  type RoomEvent,
  openChatNodes,
  type ChatNodes,
} from './chat-callers';

let nodes: ChatNodes;
let shop: ShopDatabase;
let one: OpenRealtime;
let other: OpenRealtime;
let lines: ChatNodes['lines'];

beforeAll(async () => {
  nodes = await openChatNodes();
  ({ shop, one, other, lines } = nodes);
});
afterAll(() => nodes.close());

const enter = (actor: ChatActor, node = one) => enterAt(node, actor);
const follow = (actor: ChatActor, roomId: string, node = one) => followAt(node, actor, roomId);

describe('a message', () => {
  test('is sent once by one client id: at the same time, on two nodes, and after a lost answer', async () => {
    const { roomId, one: sender, other: reader } = await buildDirect(shop);
    const [here, there, listening] = await Promise.all([
      enter(sender, one),
      enter(sender, other),
      follow(reader, roomId),
    ]);
    const message = { roomId, clientId: newId(), text: 'سلام' };
    const answers = await Promise.all([here.get('send', message), there.get('send', message)]);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(answers[0].message).toEqual(answers[1].message);

    const lost = { roomId, clientId: newId(), text: 'once' };
    here.socket.emit('send', lost, () => undefined);
    await gets(listening, roomId, 'message.sent', 2);
    here.close();
    expect(await there.get('send', lost)).toMatchObject({ isNew: false, message: { seq: 2 } });
    expect(codeOf(await there.call('send', { ...lost, text: 'other' }))).toBe('chat.client_id_reused');
    const { items } = await there.get<{ items: MessageView[] }>('history', { roomId });
    expect(items.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'سلام'],
      [2, 'once'],
    ]);
    expect(eventsOf(listening, roomId).filter(({ type }) => type === 'message.sent')).toHaveLength(2);
  });
});

describe('a room', () => {
  test('tells requests and frames by the same events, and counts both together', async () => {
    const redis = createRedis(redisConfigOf(shop), SILENT);
    const limits = { customerRequestsPerMinute: 1_000_000 };
    const api = await openApiUnderTest({ limits, neighbours: { database: shop.database, redis } });
    const { roomId, one: sender, other: reader } = await buildDirect(shop);
    const ask = async (by: ChatActor, method: string, route: string, body?: object) => {
      const token = api.accessToken({ ...by, generation: 1 });
      const response = await fetch(`${api.url}/api/v1/chat${route}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body ? JSON.stringify(body) : null,
      });
      return { status: response.status, body: JSON.parse((await response.text()) || '{}') as object };
    };
    const [listening, writing] = await Promise.all([follow(reader, roomId, other), enter(reader)]);
    const room = `/rooms/${roomId}`;

    const first = { clientId: newId(), text: 'one' };
    expect(await ask(sender, 'POST', `${room}/messages`, first)).toMatchObject({ status: 201 });
    await ask(sender, 'PUT', `${room}/messages/1`, { text: 'one!' });
    await ask(sender, 'DELETE', `${room}/messages/1`);
    await ask(sender, 'PUT', `${room}/read`, { seq: 1 });
    const second = { clientId: newId(), text: 'two' };
    await writing.get('send', { roomId, ...second });
    await writing.get('edit', { roomId, seq: 2, text: 'two!' });
    await writing.get('delete', { roomId, seq: 2 });
    expect(await ask(reader, 'POST', `${room}/messages`, second)).toMatchObject({
      status: 200,
      body: { seq: 2, text: '' },
    });
    expect(await writing.get('read', { roomId, seq: 2 })).toEqual({ lastReadSeq: 2 });

    await gets(listening, roomId, 'message.deleted', 2);
    const seen = eventsOf(listening, roomId).map(({ type, payload }) => [type, payload['seq']]);
    const each = (seq: number) => ['sent', 'edited', 'deleted'].map((what) => [`message.${what}`, seq]);
    // Whoever sends has read: neither pointer moved.
    expect(seen).toEqual([...each(1), ...each(2)]);

    const { limit } = CHAT_LIMITS.arrange;
    const stranger = await buildPerson(shop);
    for (let count = 0; count < limit; count += 2) {
      expect((await ask(reader, 'PUT', `/blocks/${stranger.accountId}`)).status).toBe(204);
      await writing.get('unblock', idOf(stranger));
    }
    expect(codeOf(await writing.call('block', idOf(stranger)))).toBe('request.too_many');
    expect((await ask(reader, 'PUT', `/blocks/${stranger.accountId}`)).status).toBe(429);
    await api.close();
    redis.disconnect();
  });

  test('is resumed without a gap on the other node, page by page, and reset for a client that is ahead', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const client = await follow(member, roomId);
    await say(shop, owner, roomId, 'seen');
    const [seen] = await gets(client, roomId, 'message.sent');
    client.close();
    for (let count = 0; count < 60; count += 1) await say(shop, owner, roomId, `missed ${count}`);

    const back = await enter(member, other);
    const got: SubscribedView['events'] = [];
    let answer: SubscribedView;
    do {
      const after = got.at(-1)?.version ?? seen!.version;
      answer = await back.get<SubscribedView>('subscribe', { roomId, after });
      got.push(...answer.events);
    } while (answer.more);
    const texts = got.map(({ payload }) => (payload as RoomEvent['payload']).message?.text);
    expect(texts).toEqual(Array.from({ length: 60 }, (_, count) => `missed ${count}`));
    expect(got.map(({ version }) => version)).toEqual(got.map((_, at) => seen!.version + 1 + at));
    expect(answer.version).toBe(got.at(-1)!.version);
    const ahead = await back.get<SubscribedView>('subscribe', { roomId, after: 9_999 });
    expect(ahead).toMatchObject({ reset: true, events: [], state: { id: roomId, version: ahead.version } });
  });

  test('is followed by the typed client, which knows its events and what is only told', async () => {
    const { roomId, one: reader, other: sender } = await buildDirect(shop);
    const token = liveToken({ ...reader, generation: 1 });
    const live = createLiveClient(one.url, {
      session: { accessToken: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) },
    });
    const chat = live.namespace<typeof CHAT>('/chat');
    const texts: (string | undefined)[] = [];
    const typing: string[] = [];
    chat.on('typing', ({ accountId }) => typing.push(accountId));
    const followed = chat.follow(
      { verb: 'subscribe', input: { roomId }, aggregate: 'room', id: roomId },
      {
        onEvent(event) {
          if (event.type === 'message.sent') texts.push(event.payload.message?.text);
        },
      },
    );
    await say(shop, sender, roomId, 'one');
    await say(shop, sender, roomId, 'two');
    await eventually(
      () => texts,
      ({ length }) => length === 2,
    );
    expect(texts).toEqual(['one', 'two']);
    const writing = await enter(sender, other);
    await eventually(
      async () => {
        await writing.get('typing', { roomId });
        return typing;
      },
      ({ length }) => length > 0,
    );
    const room = await chat.call('room', { roomId });
    expect([room.version, typing[0]]).toEqual([followed.version, sender.accountId]);
    live.close();
  });

  test('is in the list of its members: opened, invited, written in, and left', async () => {
    const [owner, guest] = [await buildPerson(shop), await buildPerson(shop)];
    const [mine, theirs] = await Promise.all([enter(owner), enter(guest, other)]);
    for (const client of [mine, theirs]) await client.get('rooms');
    const { room } = await mine.get<{ room: RoomView }>('open.group', { clientId: newId(), title: 'کتاب' });
    await gets(mine, room.id, 'room.opened');
    await mine.get('invite', { roomId: room.id, accountId: guest.accountId });
    await gets(theirs, room.id, 'member.joined');
    await mine.get('send', { roomId: room.id, clientId: newId(), text: 'سلام' });
    const [sent] = await gets(theirs, room.id, 'message.sent');
    expect(sent!.payload.message).toMatchObject({ text: 'سلام', senderId: owner.accountId });
    const list = await theirs.get<{ rooms: RoomView[]; next: null }>('rooms');
    expect(list).toMatchObject({ rooms: [{ id: room.id, version: sent!.version, unread: 1 }], next: null });
    await mine.get('remove', { roomId: room.id, accountId: guest.accountId });
    expect(await gets(theirs, room.id, 'member.left')).toMatchObject([
      { payload: { accountId: guest.accountId, reason: 'removed' } },
    ]);
    await mine.get('send', { roomId: room.id, clientId: newId(), text: 'without you' });
    await gets(mine, room.id, 'message.sent', 2);
    const marker = (await theirs.get<{ room: RoomView }>('open.support')).room.id;
    await gets(theirs, marker, 'room.opened');
    expect(JSON.stringify(theirs.events)).not.toContain('without you');
    expect(await theirs.get('rooms', { limit: 1 })).toMatchObject({ rooms: [{ id: marker }], next: null });
  });

  test('pages its lists', async () => {
    const person = await buildPerson(shop);
    const client = await enter(person);
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c']) {
      const opened = await client.get<{ room: RoomView }>('open.group', { clientId: newId(), title });
      ids.unshift(opened.room.id);
    }
    const found: string[] = [];
    let after: object | undefined;
    do {
      const page = await client.get<{ rooms: RoomView[]; next: object | null }>('rooms', {
        limit: 2,
        ...(after && { after }),
      });
      found.push(...page.rooms.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after);
    expect(found).toEqual(ids);
    for (const text of ['کتاب یک', 'کتاب دو', 'کتاب سه']) await say(shop, person, ids[0]!, text);
    const search = { text: 'كتاب', limit: 2 };
    const first = await client.get<{ messages: MessageView[]; next: string }>('search', search);
    expect(first.messages.map(({ seq }) => seq)).toEqual([3, 2]);
    expect(await client.get('search', { ...search, before: first.next })).toMatchObject({
      messages: [{ seq: 1 }],
      next: null,
    });
  });

  test.each([
    ['leaves', leaveRoom],
    [
      'is removed',
      (transaction: Transaction, actor: ChatActor, room: { roomId: string }, owner: ChatActor) =>
        removeMember(transaction, owner, { ...room, ...idOf(actor) }),
    ],
  ])('tells nothing more to whoever %s, on every node', async (_how, go) => {
    const { roomId, owner, member } = await buildGroup(shop);
    const clients = [await follow(member, roomId, one), await follow(member, roomId, other)];
    await clients[0]!.get('rooms');
    await shop.run((transaction) => go(transaction, member, { roomId }, owner));
    await say(shop, owner, roomId, 'secret');
    for (const client of clients) await gets(client, roomId, 'member.left');
    const marker = await follow(owner, roomId);
    await say(shop, owner, roomId, 'marker');
    await gets(marker, roomId, 'message.sent');
    for (const client of clients) {
      expect(eventsOf(client, roomId).map(({ type }) => type)).toEqual(['member.left']);
      expect(codeOf(await client.call('subscribe', { roomId }))).toBe('chat.room_not_found');
    }
  });

  test('keeps whoever is a member again by the time a node hears that they had left', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const left = { aggregateId: roomId, type: 'member.left', payload: { ...idOf(member) } };
    const mayStay = async () => {
      const [routed] = await FOLLOW_ROOMS.route(shop.database.manager, [left as unknown as JournalEvent]);
      return routed!.mayStay!({ ...member, provedAt: new Date() }, `room:${roomId}`);
    };
    await shop.run((transaction) => removeMember(transaction, owner, { roomId, ...idOf(member) }));
    expect(await mayStay()).toBe(false);
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(member) }));
    expect(await mayStay()).toBe(true);
  });

  test.each([
    ['comes into', inviteMember],
    ['goes from', removeMember],
  ] as const)(
    'shows nothing from before they came to somebody who %s it while its events are on their way',
    async (_what, change) => {
      const { roomId, owner } = await buildGroup(shop, 'since_joining');
      const person = await buildPerson(shop);
      await say(shop, owner, roomId, 'before');
      if (change === removeMember) {
        await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(person) }));
      }
      await say(shop, owner, roomId, 'after');
      const { database } = shop;
      let statements = 0;
      const dataSource = Object.create(database, {
        createQueryRunner: {
          value() {
            const runner = database.createQueryRunner();
            statements += 1;
            if (statements === 1) return runner;
            // Between the first statement and what follows.
            const connect = runner.connect.bind(runner);
            return Object.assign(runner, {
              async connect() {
                await shop.run((transaction) => change(transaction, owner, { roomId, ...idOf(person) }));
                return connect();
              },
            });
          },
        },
      }) as DataSource;
      const manager = Object.create(database.manager, { dataSource: { value: dataSource } }) as EntityManager;
      const sent = [1, 2].map((seq) => ({
        aggregateId: roomId,
        type: 'message.sent',
        payload: { seq, senderId: owner.accountId },
      }));
      const [before] = await FOLLOW_ROOMS.route(manager, sent as unknown as JournalEvent[]);
      expect(statements).toBeGreaterThan(1);
      const isTold = before!.rooms.includes(`inbox:${person.accountId}`);
      expect(isTold && (before!.payload as { message: unknown }).message !== null).toBe(false);
    },
  );

  test('shows nothing from before they came to somebody who follows it while its events are about to be sent', async () => {
    const { roomId, owner, moderator } = await buildGroup(shop, 'since_joining');
    const late = await buildPerson(shop);
    const [old, fresh] = [await follow(moderator, roomId), await enter(late)];
    const gate = buildGate();
    let held = 0;
    const route = FOLLOW_ROOMS.route;
    const holding = vi.spyOn(FOLLOW_ROOMS, 'route').mockImplementation(async (manager, events) => {
      const found = await route(manager, events);
      if (events.some(({ aggregateId, type }) => aggregateId === roomId && type === 'message.sent')) {
        held += 1;
        await gate.pass();
      }
      return found;
    });
    onTestFinished(() => holding.mockRestore());

    await say(shop, owner, roomId, 'before');
    // Each node reads the journal itself.
    await eventually(
      () => held,
      (nodes) => nodes === 2,
    );
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(late) }));
    await fresh.get('subscribe', { roomId });
    gate.open();
    await say(shop, owner, roomId, 'after');

    await gets(fresh, roomId, 'message.sent', 2);
    await gets(old, roomId, 'message.sent', 2);
    const told = (client: LiveClient) =>
      client.events
        .filter(({ id, type }) => id === roomId && type === 'message.sent')
        .map(({ payload }) => payload as RoomEvent['payload'])
        .map(({ seq, senderId, message }) => [seq, senderId, message?.text ?? null]);
    expect(told(fresh)).toEqual([
      [1, null, null],
      [2, owner.accountId, 'after'],
    ]);
    expect(told(old)).toEqual([
      [1, owner.accountId, 'before'],
      [2, owner.accountId, 'after'],
    ]);
  });

  test('keeps staff in it who leave and may still read it, and no old session of theirs as a customer', async () => {
    const agent = await buildAgent(shop, 'support');
    const asCustomer = await buildPerson(shop, agent.accountId);
    const { roomId, customer } = await buildSupport(shop);
    await shop.run((transaction) => joinRoom(transaction, agent, { roomId }));
    const working = await follow(agent, roomId);
    await working.get('rooms');
    const old = await enter(asCustomer, other);
    await old.get('rooms');
    await say(shop, customer, roomId, 'private');
    await gets(working, roomId, 'message.sent');

    // It may have subscribed again by the time the node hears that it had left.
    await working.get('leave', { roomId });
    await working.get('subscribe', { roomId });
    await gets(working, roomId, 'member.left');
    await say(shop, customer, roomId, 'still there?');
    await gets(working, roomId, 'message.sent', 2);
    // A room of their own, which comes after everything before it.
    const own = (await old.get<{ room: RoomView }>('open.support')).room.id;
    await gets(old, own, 'room.opened');
    expect(eventsOf(old, roomId)).toEqual([]);
    await eventually(
      () => working.events.map(({ id }) => id),
      (ids) => ids.includes(own),
    );
  });

  test('shows new members nothing of what was written before, also when it changes', async () => {
    const { roomId, owner, moderator } = await buildGroup(shop, 'since_joining');
    await say(shop, owner, roomId, 'before');
    const late = await buildPerson(shop);
    await shop.run((transaction) => inviteMember(transaction, owner, { roomId, ...idOf(late) }));
    const [fresh, old, writing] = await Promise.all([
      follow(late, roomId),
      follow(moderator, roomId, other),
      enter(owner),
    ]);
    await fresh.get('rooms');
    await writing.get('edit', { roomId, seq: 1, text: 'before, edited' });
    await writing.get('send', { roomId, clientId: newId(), text: 'after' });
    await gets(fresh, roomId, 'message.sent');
    await gets(old, roomId, 'message.sent');
    const texts = (client: LiveClient) =>
      eventsOf(client, roomId).map(({ payload }) => [payload['seq'], payload.message?.text ?? null]);
    expect(texts(fresh)).toEqual([
      [1, null],
      [2, 'after'],
    ]);
    // The same for all: whoever may see the older one reads it by its number.
    expect(texts(old)).toEqual(texts(fresh));
    expect(await old.get('message', { roomId, seq: 1 })).toMatchObject({ text: 'before, edited' });
    expect(codeOf(await fresh.call('message', { roomId, seq: 1 }))).toBe('chat.message_not_found');
    const resumed = await fresh.get<SubscribedView>('subscribe', { roomId });
    expect(JSON.stringify(resumed)).not.toContain('before');
    const senders = ({ events }: SubscribedView) =>
      events
        .filter(({ type }) => type === 'message.sent')
        .map(({ payload }) => (payload as RoomEvent['payload'])['senderId']);
    expect(senders(resumed)).toEqual([null, owner.accountId]);
    expect(senders(await old.get('subscribe', { roomId }))).toEqual([owner.accountId, owner.accountId]);
    expect(JSON.stringify(await old.get('subscribe', { roomId }))).toContain('before, edited');
  });

  test('tells a deleted text in no event, resume, list, search or answer', async () => {
    const SECRET = 'Zarathustra4711';
    const { roomId, owner, member } = await buildGroup(shop);
    const client = await follow(member, roomId);
    await client.get('rooms');
    const clientId = newId();
    await shop.run(async (transaction) => {
      const sent = { roomId, clientId, text: SECRET };
      const { message } = await sendMessage(transaction, owner, sent);
      await deleteMessage(transaction, owner, { roomId, seq: message.seq });
    });
    await gets(client, roomId, 'message.deleted');
    const writing = await enter(owner);
    const told = [
      client.events,
      await client.get('subscribe', { roomId }),
      await client.get('rooms'),
      await client.get('history', { roomId }),
      await client.get('message', { roomId, seq: 1 }),
      await client.get('search', { text: SECRET }),
      await writing.get('send', { roomId, clientId, text: SECRET }),
      await writing.get('delete', { roomId, seq: 1 }),
    ];
    expect(JSON.stringify([told, lines()])).not.toContain(SECRET);
    expect(eventsOf(client, roomId)).toMatchObject([
      { type: 'message.sent', payload: { message: { text: '', deletedAt: expect.any(String) as string } } },
      { type: 'message.deleted', payload: { message: { text: '' } } },
    ]);
  });

  test('costs two statements for a batch of events, however many rooms and members they have', async () => {
    const groups = [await buildGroup(shop), await buildGroup(shop)];
    for (const { roomId, owner } of groups)
      for (const text of ['a', 'b']) await say(shop, owner, roomId, text);
    const batch = await rows<JournalEvent>(
      shop.database.manager,
      `SELECT aggregate_id AS "aggregateId", version, type, payload FROM events WHERE aggregate_id = ANY ($1) ORDER BY id`,
      [groups.map(({ roomId }) => roomId)],
    );
    const [follows] = CHAT.follows;
    const { result, statements } = await countStatements(shop.database, () =>
      follows.route(shop.database.manager, batch),
    );
    expect(statements).toHaveLength(2);
    expect(result).toHaveLength(batch.length);
    const { roomId, owner, moderator, member } = groups[0]!;
    const people = [owner, moderator, member].map(({ accountId }) => `inbox:${accountId}`);
    expect(result[0]!.rooms.toSorted()).toEqual([`room:${roomId}`, ...people].toSorted());
  });
});

describe('a support room', () => {
  test('is in the queue of staff, who come in, and hear nothing more once they do not work here', async () => {
    const agent = await buildAgent(shop, 'support');
    const queue = await enter(agent);
    await queue.get('rooms.support', { waiting: true });
    const { roomId, customer } = await buildSupport(shop);
    await gets(queue, roomId, 'room.opened');
    // They read as staff, and speak as members.
    expect(await queue.get('presence', { roomId })).toMatchObject({ people: [idOf(customer)] });
    expect(codeOf(await queue.call('typing', { roomId }))).toBe('chat.room_not_found');
    await queue.get('join', { roomId });
    await queue.get('rooms');
    await queue.get('send', { roomId, clientId: newId(), text: 'salam' });
    await gets(queue, roomId, 'message.sent');
    const { rooms: waiting } = await queue.get<{ rooms: RoomView[] }>('rooms.support', {
      waiting: true,
      limit: 50,
    });
    expect(waiting.map(({ id }) => id)).not.toContain(roomId);

    await shop.run(async (transaction) => {
      await rows(transaction, 'DELETE FROM account_roles WHERE account_id = $1', [agent.accountId]);
      await endSessions(transaction, { ...agent, reason: 'signed_out' });
    });
    expect(await queue.closed()).toBe('io server disconnect');
    const back = await enter(await buildPerson(shop, agent.accountId));
    await back.get('rooms');
    for (const verb of ['subscribe', 'room', 'history', 'typing', 'presence'])
      expect([verb, codeOf(await back.call(verb, { roomId }))]).toEqual([verb, 'chat.room_not_found']);
    expect(codeOf(await back.call('rooms.support'))).toBe('access.forbidden');
    const asked = await follow(customer, roomId);
    await say(shop, customer, roomId, 'for staff');
    await gets(asked, roomId, 'message.sent');
    expect(back.events).toEqual([]);
  });
});
