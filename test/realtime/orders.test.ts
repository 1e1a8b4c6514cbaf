import type { Socket } from 'node:net';

import type { Socket as ClientSocket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordEvents } from '../../entities/events/record-events';
import { joinOrders } from '../../entities/orders/join-orders';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import type { ClientEvents, ServerEvents } from '../../realtime/event-maps';
import type { ORDERS } from '../../realtime/orders/orders.namespace';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { buildOrder } from '../support/factories/orders';
import {
  LIVE_TOKENS,
  liveToken,
  openRealtimeNode,
  type LiveClient,
  type OpenRealtime,
} from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;
let one: OpenRealtime;
let other: OpenRealtime;

beforeAll(async () => {
  shop = await openShopDatabase();
  [one, other] = await Promise.all([openRealtimeNode(shop), openRealtimeNode(shop)]);
});
afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await shop.close();
});

const tokenOf = (orderId: string) => orderToken(LIVE_TOKENS, orderId);
/** One more event of an order. */
const ship = (orderId: string) =>
  shop.run((transaction) =>
    recordEvents(transaction, ORDER, orderId, {
      type: 'order.units_shipped',
      payload: { sku: 'A', quantity: 1 },
    }),
  );

/** The events after a version. An earlier one may come once more. */
const newEvents = ({ events }: LiveClient, after: number) => events.filter(({ version }) => version > after);

/** A customer with a session and an order. */
async function buildCustomer() {
  const session = await buildSession(shop.database);
  const order = await buildOrder(shop.database);
  await shop.run((transaction) =>
    joinOrders(transaction, { accountId: session.accountId, orderIds: [order.id] }),
  );
  return { ...session, order, token: liveToken(session) };
}

interface Subscribed {
  readonly version: number;
  readonly events: readonly { readonly version: number; readonly type: string }[];
  readonly more: boolean;
  readonly reset: boolean;
  readonly state: { readonly version: number } | null;
}

describe('an order', () => {
  test('reaches a guest with its token: what was, then what comes, on every node', async () => {
    const order = await buildOrder(shop.database);
    const [here, there] = await Promise.all([one.connect('/orders'), other.connect('/orders')]);
    const typed: ClientSocket<ServerEvents<typeof ORDERS>, ClientEvents<typeof ORDERS>> = here.socket;
    const input = { orderId: order.id, token: tokenOf(order.id) };
    typed.on('event', (event) => {
      if (event.type === 'order.paid') expect(event.payload.gateway).toBeDefined();
    });
    typed.emit('unsubscribe', { orderId: order.id }, (answer) => expect(answer.ok).toBe(true));
    const known = await here.get<Subscribed>('subscribe', input);
    expect(known.events.map(({ type }) => type)).toEqual(['order.created', 'order.payment_opened']);
    expect(known).toMatchObject({ version: 2, more: false, reset: false, state: null });
    expect(await there.get<Subscribed>('subscribe', { ...input, after: 2 })).toMatchObject({ events: [] });

    await ship(order.id);

    for (const client of [here, there]) {
      await eventually(
        () => newEvents(client, 2),
        ({ length }) => length > 0,
      );
      expect(newEvents(client, 2)).toEqual([
        expect.objectContaining({ aggregate: 'order', id: order.id, version: 3 }),
      ]);
    }
  });

  test('is reset for a client that is ahead of the journal', async () => {
    const order = await buildOrder(shop.database);
    const client = await one.connect('/orders');
    const answer = await client.get<Subscribed>('subscribe', {
      orderId: order.id,
      token: tokenOf(order.id),
      after: 99,
    });
    expect(answer).toMatchObject({ reset: true, version: 2, events: [], state: { version: 2 } });
  });

  test('reaches the lists of its customer and of staff, each socket once', async () => {
    const { order, token } = await buildCustomer();
    const staff = await buildSession(shop.database, { kind: 'staff' });
    const [own, queue] = await Promise.all([
      one.connect('/orders', { token }),
      one.connect('/orders', { token: liveToken(staff) }),
    ]);
    const list = await own.get<{ orders: { id: string; version: number }[] }>('list');
    expect(list.orders).toEqual([expect.objectContaining({ id: order.id, version: 3 })]);
    await own.get('subscribe', { orderId: order.id, after: 3 });
    await queue.get('list', { of: 'all' });

    await ship(order.id);

    for (const client of [own, queue]) {
      await eventually(
        () => newEvents(client, 3).filter(({ id }) => id === order.id),
        ({ length }) => length > 0,
      );
      expect(newEvents(client, 3).filter(({ id }) => id === order.id)).toEqual([
        expect.objectContaining({ version: 4 }),
      ]);
    }
  });

  test.each([
    ['a stranger without anything', async () => ({}), 'access.token_missing'],
    ['a forged token', async () => ({ token: 'aaaa.bbbb' }), 'access.forbidden'],
  ])('is refused to %s', async (_who, extra, code) => {
    const order = await buildOrder(shop.database);
    const client = await one.connect('/orders');
    const answer = await client.call('subscribe', { orderId: order.id, ...(await extra()) });
    expect(answer).toMatchObject({ ok: false, problem: { code } });
  });

  test('of somebody else is not found, and the list of all is for staff', async () => {
    const { order } = await buildCustomer();
    const stranger = await buildCustomer();
    const client = await one.connect('/orders', { token: stranger.token });
    expect(await client.call('subscribe', { orderId: order.id })).toMatchObject({
      problem: { code: 'order.not_found' },
    });
    expect(await client.call('list', { of: 'all' })).toMatchObject({ problem: { code: 'access.forbidden' } });
  });

  test('leaves its guest when it becomes a customer’s', async () => {
    const order = await buildOrder(shop.database);
    const guest = await one.connect('/orders');
    const input = { orderId: order.id, token: tokenOf(order.id) };
    const known = await guest.get<Subscribed>('subscribe', input);
    const { accountId } = await buildSession(shop.database);
    await shop.run((transaction) => joinOrders(transaction, { accountId, orderIds: [order.id] }));
    const seen = () => guest.events.filter(({ version }) => version > known.version).map(({ type }) => type);
    await eventually(seen, ({ length }) => length > 0);
    await ship(order.id);
    expect(await guest.call('subscribe', input)).toMatchObject({ problem: { code: 'order.sign_in_needed' } });
    expect(seen()).toEqual(['order.joined']);
  });

  test('loses nothing to clients that subscribe amid its events', async () => {
    const order = await buildOrder(shop.database);
    const input = { orderId: order.id, token: tokenOf(order.id) };
    const clients = await Promise.all(Array.from({ length: 8 }, () => one.connect('/orders')));
    const subscribed: Promise<Subscribed>[] = [];
    for (let count = 0; count < 40; count += 1) {
      const client = count % 5 === 0 ? clients[count / 5] : undefined;
      if (client) subscribed.push(client.get<Subscribed>('subscribe', { ...input, after: 1 }));
      await ship(order.id);
    }
    for (const [place, client] of clients.entries()) {
      const past = (await subscribed[place]!).events.map(({ version }) => version);
      const last = past.at(-1)!;
      await eventually(
        () => client.events.at(-1)?.version ?? last,
        (version) => version === 42,
      );
      const live = client.events.map(({ version }) => version).filter((version) => version > last);
      expect([...past, ...live]).toEqual(Array.from({ length: 41 }, (_, at) => at + 2));
    }
  });
});

describe('a node', () => {
  test('sends events without Redis', async () => {
    const lonely = await openRealtimeNode(shop, { redisUrl: 'redis://127.0.0.1:1' });
    const order = await buildOrder(shop.database);
    const client = await lonely.connect('/orders');
    await client.get('subscribe', { orderId: order.id, token: tokenOf(order.id), after: 2 });
    await ship(order.id);
    await eventually(
      () => newEvents(client, 2),
      ({ length }) => length > 0,
    );
    await lonely.close();
  });

  test('lets its clients go when it stops', async () => {
    const leaving = await openRealtimeNode(shop);
    const client = await leaving.connect('/orders');
    await leaving.close(5_000, { withClients: true });
    expect(client.others.map(({ name }) => name)).toEqual(['server.draining']);
    // A client comes back by itself after this, and stays away after a disconnect.
    expect(await client.closed()).toBe('transport close');
  });

  test('holds little for a client that does not read, and tells it to ask anew once it does', async () => {
    const order = await buildOrder(shop.database);
    const client = await one.connect('/orders');
    await client.get('subscribe', { orderId: order.id, token: tokenOf(order.id), after: 2 });
    const { ws } = client.socket.io.engine.transport as unknown as { ws: Pick<Socket, 'pause' | 'resume'> };
    ws.pause();
    await shop.run((transaction) =>
      recordEvents(
        transaction,
        ORDER,
        order.id,
        ...Array.from({ length: 600 }, () => ({
          type: 'order.units_shipped' as const,
          payload: { sku: 'x'.repeat(20_000), quantity: 1 },
        })),
      ),
    );
    await eventually(
      () => one.metric('realtime_slow_clients_total', { what: 'behind' }),
      (count) => count > 0,
    );
    ws.resume();
    await eventually(
      () => client.others.map(({ name }) => name),
      (names) => names.includes('resync'),
    );
  });

  test('holds little for clients that never read, of 5,000 events that come as fast as they are written', async () => {
    const order = await buildOrder(shop.database);
    const stuck = await Promise.all(Array.from({ length: 5 }, () => one.connect('/orders')));
    for (const client of stuck) {
      await client.get('subscribe', { orderId: order.id, token: tokenOf(order.id), after: 2 });
      const { ws } = client.socket.io.engine.transport as unknown as { ws: Pick<Socket, 'pause'> };
      ws.pause();
    }
    const event = { type: 'order.units_shipped', payload: { sku: 'x'.repeat(10_000), quantity: 1 } } as const;
    const queued: number[] = [];
    const before = await one.metric('realtime_slow_clients_total', { what: 'behind' });
    const rss = process.memoryUsage.rss();
    // 50 MB for each of them, if all waited. On two cores they take 1.5 s.
    for (let batch = 0; batch < 50; batch += 1) {
      await shop.run((transaction) =>
        recordEvents(transaction, ORDER, order.id, ...Array.from({ length: 100 }, () => event)),
      );
      queued.push(await one.metric('realtime_waiting_bytes'));
    }
    await eventually(
      () => one.metric('realtime_slow_clients_total', { what: 'behind' }),
      (count) => count - before >= stuck.length,
    );
    // Some 20 MB on two cores. A machine that seldom looks after its clients holds more.
    expect(Math.max(...queued)).toBeLessThan(125_000_000);
    expect(process.memoryUsage.rss() - rss).toBeLessThan(250_000_000);
  });
});
