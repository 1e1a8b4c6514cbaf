import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { endSessions } from '../../entities/auth/end-sessions';
import { recordEvents } from '../../entities/events/record-events';
import { joinOrders } from '../../entities/orders/join-orders';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { createLiveClient, type LiveClient, type LiveNamespace } from '../../realtime/client/client';
import { LiveProblem } from '../../realtime/client/protocol';
import type { ORDERS } from '../../realtime/orders/orders.namespace';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { buildOrder } from '../support/factories/orders';
import { LIVE_TOKENS, liveToken, openRealtimeNode, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openTcpGate, type TcpGate } from '../support/tcp-gate';

let shop: ShopDatabase;
let node: OpenRealtime;
let gate: TcpGate;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await openShopDatabase();
  node = await openRealtimeNode(shop);
  gate = await openTcpGate(new URL(node.url).host);
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));
afterAll(async () => {
  await node.close();
  await gate.close();
  await shop.close();
});

type Orders = LiveNamespace<typeof ORDERS>;

function openClient(options: Parameters<typeof createLiveClient>[1] = {}): LiveClient {
  const client = createLiveClient(`http://${gate.address}`, { firstPauseMs: 50, ...options });
  clients.push(client);
  return client;
}

const ship = (orderId: string) =>
  shop.run((transaction) =>
    recordEvents(transaction, ORDER, orderId, {
      type: 'order.units_shipped',
      payload: { sku: 'A', quantity: 1 },
    }),
  );

/** The versions that a guest's client hands over. */
function followAsGuest(orders: Orders, orderId: string): readonly number[] {
  const versions: number[] = [];
  const input = { orderId, token: orderToken(LIVE_TOKENS, orderId) };
  orders.follow(
    { verb: 'subscribe', input, aggregate: 'order', id: orderId },
    { onEvent: ({ version }) => versions.push(version) },
  );
  return versions;
}

const reaches = (versions: readonly number[], last: number) =>
  eventually(
    () => versions.at(-1) ?? 0,
    (version) => version === last,
  );

test('a client that was cut off ends with every event, in order and once, of all that it follows', async () => {
  const orders = await Promise.all(Array.from({ length: 60 }, () => buildOrder(shop.database)));
  let joined = 0;
  const ends: unknown[] = [];
  const live = openClient().namespace<typeof ORDERS>('/orders', {
    onConnect: () => (joined += 1),
    onEnd: (problem) => ends.push(problem),
  });
  const followed = orders.map(({ id }) => ({ id, versions: followAsGuest(live, id) }));
  await Promise.all(followed.map(({ versions }) => reaches(versions, 2)));
  await Promise.all(orders.map(({ id }) => ship(id)));
  await Promise.all(followed.map(({ versions }) => reaches(versions, 3)));

  gate.shut();
  for (const { id } of orders) await ship(id);
  gate.open();
  for (const { id } of orders.slice(0, 5)) await ship(id);

  await Promise.all(followed.map(({ versions }, place) => reaches(versions, place < 5 ? 5 : 4)));
  expect(followed.map(({ versions }) => versions)).toEqual(
    followed.map((_, place) => (place < 5 ? [1, 2, 3, 4, 5] : [1, 2, 3, 4])),
  );
  expect(joined).toBeGreaterThan(1);
  expect(ends).toEqual([]);
  expect(await node.metric('realtime_frames_total', { code: 'request.too_many' })).toBe(0);
});

test('a list is read again after a break, and what happens in it arrives once', async () => {
  const session = await buildSession(shop.database);
  const order = await buildOrder(shop.database);
  const { accountId } = session;
  await shop.run((transaction) => joinOrders(transaction, { accountId, orderIds: [order.id] }));
  const source = { accessToken: async () => liveToken(session), renew: async () => liveToken(session) };
  const live = openClient({ session: source }).namespace<typeof ORDERS>('/orders');
  const shown: number[][] = [];
  const events: number[] = [];
  live.watch(
    'list',
    {},
    {
      aggregate: 'order',
      versionsOf: (list) => list.orders.map(({ id, version }) => [id, version] as const),
      onResult: (list) => shown.push(list.orders.map(({ version }) => version)),
      onEvent: (event) => events.push(event.version),
    },
  );
  await eventually(
    () => shown.length,
    (length) => length === 1,
  );
  await ship(order.id);
  await reaches(events, 4);

  gate.shut();
  await ship(order.id);
  gate.open();
  await eventually(
    () => shown.at(-1),
    (versions) => versions?.[0] === 5,
  );
  await ship(order.id);
  await reaches(events, 6);

  expect(shown[0]).toEqual([3]);
  expect(events).toEqual([4, 6]);
});

test('a refusal is an error with its problem, and ends what is followed', async () => {
  const order = await buildOrder(shop.database);
  const live = openClient().namespace<typeof ORDERS>('/orders');
  const ends: string[] = [];
  live.follow(
    { verb: 'subscribe', input: { orderId: order.id }, aggregate: 'order', id: order.id },
    { onEvent: () => {}, onEnd: ({ problem }) => ends.push(problem.code) },
  );

  await expect(live.call('list', {})).rejects.toThrow(LiveProblem);
  await eventually(
    () => ends,
    ({ length }) => length > 0,
  );
  expect(ends).toEqual(['access.token_missing']);
});

test('a connection outlives its token: another one is shown before it expires', async () => {
  const session = await buildSession(shop.database);
  const refused: string[] = [];
  const first = liveToken(session, 20);
  let joined = 0;
  const source = {
    accessToken: async () => first,
    async renew(token: string) {
      refused.push(token);
      return liveToken(session, 600);
    },
  };
  const live = openClient({ session: source }).namespace<typeof ORDERS>('/orders', {
    onConnect: () => (joined += 1),
  });
  await eventually(
    () => node.metric('realtime_frames_total', { verb: 'auth.renew', code: 'ok' }),
    (count) => count === 1,
  );
  await live.call('list', {});

  expect(refused).toEqual([first]);
  expect(joined).toBe(1);
});

test('a token that is refused is replaced, and a session that is over ends the client', async () => {
  const session = await buildSession(shop.database);
  const ends: (LiveProblem | undefined)[] = [];
  let token = 'aaaa.bbbb.cccc';
  const source = { accessToken: async () => token, renew: async () => (token = liveToken(session)) };
  const live = openClient({ session: source }).namespace<typeof ORDERS>('/orders', {
    onEnd: (problem) => ends.push(problem),
  });
  await live.call('list', {});
  await shop.run((transaction) =>
    endSessions(transaction, { accountId: session.accountId, reason: 'signed_out' }),
  );
  await eventually(
    () => ends,
    ({ length }) => length > 0,
  );

  expect(ends).toEqual([undefined]);
});
