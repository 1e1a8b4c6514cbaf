import type { Pool } from 'pg';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { endSessions } from '../../entities/auth/end-sessions';
import { signTicket } from '../../entities/auth/ticket';
import { recordEvents } from '../../entities/events/record-events';
import { joinOrders } from '../../entities/orders/join-orders';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { newId } from '../../entities/values/uuid';
import { createLogger } from '../../platform/logger';
import { ORDERS } from '../../realtime/orders/orders.namespace';
import { defineNamespace, defineVerb } from '../../realtime/registry';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { buildCaller } from '../support/factories/callers';
import { buildOrder } from '../support/factories/orders';
import { buildAdmin, buildStaff } from '../support/factories/staff';
import { LIVE_TOKENS, liveToken, openRealtimeNode, type OpenRealtime } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openStorefront } from '../support/storefront';
import { collectLines } from '../unit/platform/log-lines';

/** A namespace beside the shop's. */
const BESIDE = defineNamespace({
  name: '/beside',
  summary: 'For tests',
  who: 'signed-in',
  verbs: {},
  follows: [],
});
class Nothing {}

/** Verbs that take Postgres longer than anybody waits. */
const SLOW = defineNamespace({
  name: '/slow',
  summary: 'For tests',
  who: 'signed-in',
  verbs: {
    wait: defineVerb({
      summary: 'Waits',
      input: Nothing,
      answer: Nothing,
      action: 'order.read',
      async handle({ database }) {
        await database.query('SELECT pg_sleep(4.5)');
        return {};
      },
    }),
  },
  follows: [],
});
/** Redis that nobody reaches. */
const NO_REDIS = 'redis://127.0.0.1:1';

const log = collectLines();
let shop: ShopDatabase;
let one: OpenRealtime;
let other: OpenRealtime;

beforeAll(async () => {
  shop = await openShopDatabase();
  const logger = createLogger({ logLevel: 'trace' }, { service: 'test', destination: log.destination });
  // Nothing of what follows needs Redis.
  const options = { namespaces: [ORDERS, BESIDE, SLOW], redisUrl: NO_REDIS, trustedProxies: 1, logger };
  [one, other] = await Promise.all([openRealtimeNode(shop, options), openRealtimeNode(shop, options)]);
});
afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await shop.close();
});

/** A customer with a session and an order. */
async function buildCustomer() {
  const session = await buildSession(shop.database);
  const order = await buildOrder(shop.database);
  await shop.run((transaction) =>
    joinOrders(transaction, { accountId: session.accountId, orderIds: [order.id] }),
  );
  return { ...session, order, token: liveToken(session) };
}

const connectBoth = (auth: object) =>
  Promise.all([one.connect('/orders', auth), other.connect('/orders', auth)]);

describe('a session', () => {
  test('that is revoked closes its sockets on both nodes, and they stay away', async () => {
    const { accountId, sessionId, token } = await buildCustomer();
    const clients = await connectBoth({ token });
    const began = performance.now();
    await shop.run((transaction) => endSessions(transaction, { accountId, sessionId, reason: 'signed_out' }));
    const reasons = await Promise.all(clients.map((client) => client.closed()));
    expect(reasons).toEqual(['io server disconnect', 'io server disconnect']);
    expect(performance.now() - began).toBeLessThan(3_000);
    await expect(one.connect('/orders', { token })).rejects.toThrow('auth.session_over');
  });

  test('that ends without an event, or loses a role, is found by reading all of them', async () => {
    const [ended, lowered] = await Promise.all([
      buildSession(shop.database),
      buildSession(shop.database, { kind: 'staff' }),
    ]);
    const clients = await Promise.all(
      [ended, lowered].map((session) => one.connect('/orders', { token: liveToken(session) })),
    );
    await clients[1]!.get('list', { of: 'all' });
    await shop.database.query('UPDATE sessions SET ended_at = now(), end_reason = $2 WHERE id = $1', [
      ended.sessionId,
      'signed_out',
    ]);
    await shop.database.query('DELETE FROM account_roles WHERE account_id = $1', [lowered.accountId]);
    // Who has lost a role comes back with those that are left.
    expect(await Promise.all(clients.map((client) => client.closed()))).toEqual([
      'io server disconnect',
      'transport close',
    ]);
    const back = await one.connect('/orders', { token: liveToken(lowered) });
    expect(await back.call('list', { of: 'all' })).toMatchObject({ problem: { code: 'access.forbidden' } });
    back.close();
  });

  test('is renewed by a token of its own and by no other', async () => {
    const { sessionId, accountId, generation, token } = await buildCustomer();
    const stranger = await buildCustomer();
    const client = await one.connect('/orders', { token });
    const claims = { sessionId, accountId, generation };
    expect(await client.get('auth.renew', { token: liveToken(claims, 300) })).toHaveProperty('expiresAt');
    expect(await client.call('auth.renew', { token: stranger.token })).toMatchObject({
      problem: { code: 'access.forbidden' },
    });
  });

  test('that shows an older token later lasts as long as the newer one', async () => {
    const session = await buildSession(shop.database);
    const client = await one.connect('/orders', { token: liveToken(session, 500) });
    const { expiresAt } = await client.get<{ expiresAt: string }>('auth.renew', {
      token: liveToken(session, 2),
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(400_000);
    client.close();
  });

  test('warns before its token expires, and is closed when it has', async () => {
    const { sessionId, accountId, generation } = await buildCustomer();
    const client = await one.connect('/orders', {
      token: liveToken({ sessionId, accountId, generation }, 3),
    });
    expect(await client.closed()).toBe('transport close');
    expect(client.others.map(({ name }) => name)).toContain('auth.expiring');
  });

  test('opens one connection by a ticket, in as many namespaces as there are', async () => {
    const api = await openStorefront(shop.database);
    const { sessionId, accountId, headers } = await buildCaller({ ...shop, ...api });
    const issued = await api.send<{ ticket: string }>('POST', '/auth/tickets', undefined, headers);
    await api.close();
    expect(issued.status).toBe(201);
    const { ticket } = issued.body;
    const outcomes = await Promise.allSettled([
      one.connect('/orders', { ticket }),
      other.connect('/orders', { ticket }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(one.connect('/orders', { ticket })).rejects.toThrow('auth.ticket_invalid');
    const late = signTicket(LIVE_TOKENS, { sessionId, accountId }, Date.now() - 31_000);
    await expect(one.connect('/orders', { ticket: late.ticket })).rejects.toThrow('auth.ticket_invalid');
  });

  test('is renewed by no token of another session of the same person, by none that has expired, and then lasts', async () => {
    const session = await buildSession(shop.database);
    const second = await buildSession(shop.database, { accountId: session.accountId });
    const client = await one.connect('/orders', { token: liveToken(session, 6) });
    await eventually(
      () => client.others.map(({ name }) => name),
      (names) => names.includes('auth.expiring'),
    );
    const [warning] = client.others;
    expect(warning?.payload).toEqual({ expiresAt: expect.stringMatching(/Z$/) as string });
    expect(await client.call('auth.renew', { token: liveToken(second) })).toMatchObject({
      problem: { code: 'access.forbidden' },
    });
    expect(await client.call('auth.renew', { token: liveToken(session, -60) })).toMatchObject({
      problem: { code: 'access.token_invalid' },
    });
    await client.get('auth.renew', { token: liveToken(session, 300) });

    // One with the old expiry is closed, this one is not.
    const brief = await one.connect('/orders', { token: liveToken(session, 7) });
    expect(await brief.closed()).toBe('transport close');
    expect(client.socket.connected).toBe(true);
    client.close();
  });

  test('of an account that is blocked ends on both nodes, and its orders are not heard', async () => {
    const admin = await buildAdmin(shop.database);
    const { accountId, order, token } = await buildCustomer();
    const clients = await connectBoth({ token });
    for (const client of clients) await client.get('subscribe', { orderId: order.id, after: 3 });
    await shop.run((transaction) => blockAccount(transaction, admin, accountId));
    for (const client of clients) expect(await client.closed()).toBe('io server disconnect');
    await expect(one.connect('/orders', { token })).rejects.toThrow('auth.session_over');
    await shop.run((transaction) =>
      recordEvents(transaction, ORDER, order.id, {
        type: 'order.units_shipped',
        payload: { sku: 'A', quantity: 1 },
      }),
    );
    expect(clients.flatMap(({ events }) => events.filter(({ version }) => version > 3))).toEqual([]);
  });

  test('of somebody who loses a role ends on both nodes, and with it the list of all orders', async () => {
    const admin = await buildAdmin(shop.database);
    const { accountId, sessionId } = await buildStaff(shop.database, admin, 'staff');
    const token = liveToken({ accountId, sessionId, generation: 1 });
    const clients = await connectBoth({ token });
    for (const client of clients) await client.get('list', { of: 'all' });
    await shop.run((transaction) => takeRoles(transaction, admin, { accountId, role: 'staff' }));
    for (const client of clients) expect(await client.closed()).toBe('io server disconnect');
    const { order } = await buildCustomer();
    const later = await buildSession(shop.database, { accountId });
    const back = await one.connect('/orders', { token: liveToken(later) });
    expect(await back.call('list', { of: 'all' })).toMatchObject({ problem: { code: 'access.forbidden' } });
    for (const { events } of clients) expect(events.map(({ id }) => id)).not.toContain(order.id);
  });

  test('shows its ticket once for all namespaces of a connection, and nobody else at the same moment', async () => {
    const session = await buildSession(shop.database);
    const { ticket } = signTicket(LIVE_TOKENS, session);
    const orders = io(`${one.url}/orders`, {
      path: '/ws',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { ticket },
    });
    const beside = orders.io.socket('/beside', { auth: { ticket } });
    const joined = [orders, beside].map(
      (socket) =>
        new Promise((resolve) => {
          socket.once('connect', () => resolve('joined'));
          socket.once('connect_error', ({ message }) => resolve(message));
        }),
    );
    expect(await Promise.all(joined)).toEqual(['joined', 'joined']);
    orders.io.engine.close();

    const another = signTicket(LIVE_TOKENS, session);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, at) =>
        (at % 2 === 0 ? one : other).connect('/orders', { ticket: another.ticket }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is needed where guests are not served', async () => {
    await expect(one.connect('/beside')).rejects.toThrow('access.token_missing');
  });
});

test('slow verbs that fill the pool keep no event from those who follow, and no revoked session alive', async () => {
  const [reader, revoked, ...busy] = await Promise.all(Array.from({ length: 5 }, () => buildCustomer()));
  const follower = await one.connect('/orders', { token: reader!.token });
  const ended = await one.connect('/orders', { token: revoked!.token });
  await follower.get('list');
  const slow = await Promise.all(
    busy.flatMap(({ token }) => Array.from({ length: 4 }, () => one.connect('/slow', { token }))),
  );
  const pool = (one.database.driver as unknown as { master: Pool }).master;
  const answers = slow.map((client) => client.get('wait'));
  await eventually(
    () => pool.waitingCount,
    (waiting) => waiting > 0,
  );

  const began = performance.now();
  const { accountId, sessionId } = revoked!;
  await shop.run((transaction) => endSessions(transaction, { accountId, sessionId, reason: 'signed_out' }));
  await shop.run((transaction) =>
    recordEvents(transaction, ORDER, reader!.order.id, {
      type: 'order.units_shipped',
      payload: { sku: 'A', quantity: 1 },
    }),
  );
  await Promise.all([ended.closed(), follower.hasGot(1)]);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(pool.waitingCount).toBeGreaterThan(0);
  await Promise.all(answers);
  for (const client of [follower, ...slow]) client.close();
});

describe('limits', () => {
  test('let an account have ten connections on a node, and another one for each that ends', async () => {
    const { token } = await buildCustomer();
    const clients = await Promise.all(Array.from({ length: 10 }, () => one.connect('/orders', { token })));
    await expect(one.connect('/orders', { token })).rejects.toThrow('socket.connections_too_many');
    const elsewhere = await other.connect('/orders', { token });
    clients[0]!.close();
    const eleventh = await eventually(
      () => one.connect('/orders', { token }).catch(() => undefined),
      (client) => client !== undefined,
    );
    for (const client of [...clients, elsewhere, eleventh!]) client.close();
  });

  test('count people behind one address together, and those behind another one apart', async () => {
    const few = await openRealtimeNode(shop, {
      redisUrl: NO_REDIS,
      trustedProxies: 1,
      realtime: { connectionsPerAddress: 3 },
    });
    const from = (address: string) => few.connect('/orders', {}, { 'x-forwarded-for': address });
    const behindOne = await Promise.allSettled(Array.from({ length: 5 }, () => from('198.51.100.7')));
    expect(behindOne.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await from('198.51.100.8');
    // An IPv6 network is one address.
    const network = await Promise.allSettled(
      Array.from({ length: 5 }, (_, at) => from(`2001:db8:1:2::${at + 1}`)),
    );
    expect(network.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await few.close();
  });
});

test('the log has no token, no ticket and no order token, whatever is shown', async () => {
  const { token, order } = await buildCustomer();
  const { ticket } = signTicket(LIVE_TOKENS, { accountId: newId(), sessionId: newId() });
  const ofOrder = orderToken(LIVE_TOKENS, order.id);
  const client = await one.connect('/orders', { token });
  await client.call('subscribe', { orderId: order.id, token: ofOrder, after: 'x' });
  await client.call('subscribe', { orderId: order.id, token: ofOrder });
  await client.call('auth.renew', { token: `${token}x` });
  await expect(one.connect('/orders', { ticket })).rejects.toThrow('auth.session_over');
  await expect(one.connect('/orders', { token: `${token}x` })).rejects.toThrow('access.token_invalid');
  client.close();
  expect(log.lines().length).toBeGreaterThan(0);
  for (const secret of [token, ticket, ofOrder]) {
    expect(log.text()).not.toContain(secret);
    expect(log.text()).not.toContain(secret.split('.').at(-1));
  }
});
