import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { countDay } from '../../entities/analytics/count-day';
import { instantOf } from '../../entities/calendar/business-day';
import { takeRoles } from '../../entities/staff/take-roles';
import { newId } from '../../entities/values/uuid';
import { watchStatements } from '../../platform/statement-count';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { giveRoles } from '../support/factories/factors';
import { buildOrder } from '../support/factories/orders';
import { buildAdmin } from '../support/factories/staff';
import { viewAt } from '../support/factories/tracked';
import {
  liveToken,
  openRealtimeNode,
  type LiveClient,
  type OpenRealtime,
  type RealtimeOptions,
} from '../support/open-realtime';
import { ownRedis } from '../support/own-redis';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
const nodes: OpenRealtime[] = [];
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});
afterAll(() => shop.close());

async function openNode(options?: RealtimeOptions): Promise<OpenRealtime> {
  const node = await openRealtimeNode(shop, options);
  nodes.push(node);
  return node;
}

/** Somebody of the staff who may see figures, at a node. */
async function connectStaff(node: OpenRealtime, namespace = '/analytics/dashboard'): Promise<LiveClient> {
  const { accountId } = await buildSession(shop.database);
  await giveRoles(shop.database, accountId, ['staff']);
  const session = await buildSession(shop.database, { kind: 'staff', accountId });
  return node.connect(namespace, { token: liveToken(session) });
}

interface Figures {
  readonly asOf: string;
  readonly ordersToday: number;
}
const figuresOf = ({ others }: LiveClient) =>
  others.filter(({ name }) => name === 'figures').map(({ payload }) => payload as Figures);
const told = (node: OpenRealtime) => node.metric('realtime_pulses_total', { outcome: 'told' });

/** Waits until so many more figures have come. */
async function gets(client: LiveClient, more: number): Promise<void> {
  const seen = figuresOf(client).length;
  await eventually(
    () => figuresOf(client).length,
    (length) => length >= seen + more,
  );
}

describe('the dashboard', () => {
  test('asks Postgres nothing while nobody looks', async () => {
    const node = await openNode();
    const idle = await connectStaff(node);
    const gone = await connectStaff(node);
    await gone.get('watch');
    await gets(gone, 1);
    await gone.get('unwatch');
    const statements: string[] = [];
    const watches = [node.database, node.fanOutDatabase].map((database) =>
      watchStatements(database, (text) => statements.push(text)),
    );
    // Every 2 s the node reads the sessions of its clients. Between two of these the figures of a second would be read.
    await eventually(
      () => statements.filter((text) => text.includes('sessions')).length,
      (reads) => reads >= 2,
    );
    for (const stop of watches) stop();
    expect(statements.filter((text) => !text.includes('sessions'))).toEqual([]);
    expect(figuresOf(idle)).toEqual([]);
  });

  test('shows two nodes the same, which one of them has computed, and goes on when that one stops', async () => {
    const [one, other] = [await openNode(), await openNode()];
    const [here, there] = [await connectStaff(one), await connectStaff(other)];
    const first = await here.get<Figures>('watch');
    await there.get('watch');
    await buildOrder(shop.database);
    const both = await eventually(
      () => {
        const known = new Set(figuresOf(there).map(({ asOf }) => asOf));
        return figuresOf(here).filter(({ asOf }) => known.has(asOf));
      },
      (common) =>
        common.some(({ ordersToday }) => ordersToday === first.ordersToday + 1) && common.length > 4,
    );
    for (const figures of both) expect(figuresOf(there)).toContainEqual(figures);
    // Both would be some 500 ms apart if each node computed for itself.
    const times = [...figuresOf(here), ...figuresOf(there)].map(({ asOf }) => Date.parse(asOf));
    const distinct = [...new Set(times)].toSorted((a, b) => a - b);
    expect((distinct.at(-1)! - distinct[0]!) / (distinct.length - 1)).toBeGreaterThan(700);

    const [busy, left] = (await told(one)) > 0 ? [one, there] : [other, here];
    await busy.close();
    nodes.splice(nodes.indexOf(busy), 1);
    await gets(left, 2);
  });

  test('is computed by each node for its own without Redis', async () => {
    const lonely = [
      await openNode({ redisUrl: 'redis://127.0.0.1:1' }),
      await openNode({ redisUrl: 'redis://127.0.0.1:1' }),
    ];
    for (const node of lonely) {
      const client = await connectStaff(node);
      await client.get('watch');
      await gets(client, 2);
      expect(await told(node)).toBeGreaterThanOrEqual(2);
    }
  });

  test('goes on with each node for itself while Redis is away, and with one for all once it is back', async () => {
    const redis = await ownRedis();
    await redis.start();
    const both = [await openNode({ redisUrl: redis.url }), await openNode({ redisUrl: redis.url })];
    const clients = await Promise.all(both.map((node) => connectStaff(node)));
    for (const client of clients) await client.get('watch');
    for (const client of clients) await gets(client, 1);

    await redis.kill();
    const before = await Promise.all(both.map(told));
    for (const [place, node] of both.entries()) {
      await eventually(
        () => told(node),
        (count) => count >= before[place]! + 2,
      );
    }

    await redis.start();
    const since = new Date().toISOString();
    const [here, there] = clients as [LiveClient, LiveClient];
    await eventually(
      () => {
        const known = new Set(figuresOf(there).map(({ asOf }) => asOf));
        return figuresOf(here).filter(({ asOf }) => asOf > since && known.has(asOf)).length;
      },
      (common) => common >= 2,
    );
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await redis.close();
  });

  test('is not watched after a refusal', async () => {
    const node = await openNode();
    const client = await connectStaff(node);
    await rows(shop.database.manager, 'ALTER TABLE analytics_days RENAME TO analytics_days_away');
    expect(await client.call('watch')).toMatchObject({ ok: false });
    await rows(shop.database.manager, 'ALTER TABLE analytics_days_away RENAME TO analytics_days');
    const watching = await connectStaff(node);
    await watching.get('watch');
    await gets(watching, 2);
    expect(figuresOf(client)).toEqual([]);
  });

  test('ends for somebody whose role is taken', async () => {
    const node = await openNode();
    const { accountId } = await buildSession(shop.database);
    await giveRoles(shop.database, accountId, ['staff']);
    const session = await buildSession(shop.database, { kind: 'staff', accountId });
    const client = await node.connect('/analytics/dashboard', { token: liveToken(session) });
    await client.get('watch');
    const admin = await buildAdmin(shop.database);
    await shop.run((transaction) => takeRoles(transaction, admin, { accountId, role: 'staff' }));
    await client.closed();
  });
});

test('the history of a socket is that of the API', async () => {
  const day = '2026-03-01';
  await rows(
    shop.database.manager,
    `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload, created_at)
     VALUES ('order', $1, 1, 'order.created', '{}', $2)`,
    [newId(), instantOf(day, 60)],
  );
  await shop.run((transaction) => countDay(transaction, 'orders', day));
  const client = await connectStaff(await openNode(), '/analytics');
  expect(await client.get('history', { figure: 'orders', from: day, to: day, by: 'hour' })).toEqual({
    figure: 'orders',
    by: 'hour',
    points: [{ day, hour: 1, dimension: null, value: 1, of: null, countedAt: expect.any(String) }],
  });
});

describe('what pages tell', () => {
  const stored = async () => (await rows(shop.database.manager, 'SELECT 1 FROM tracking_events')).length;
  const batch = (count: number) => ({
    session: newId(),
    events: Array.from({ length: count }, () => viewAt(new Date())),
  });
  const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' };

  test('is stored once, however often and through how many nodes it comes', async () => {
    const [one, other] = [await openNode(), await openNode()];
    const [here, there] = await Promise.all(
      [one, other].map((node) => node.connect('/analytics/tracking', {}, BROWSER)),
    );
    const before = await stored();
    const told = batch(50);
    const answers = await Promise.all([here!, there!, here!].map((client) => client.get('track', told)));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ accepted: 50 })));
    expect((await stored()) - before).toBe(50);
    expect(await here!.call('track', batch(51))).toMatchObject({ problem: { code: 'request.invalid' } });
  });

  test('is counted by events for an address, on all nodes together', async () => {
    const options = { analytics: { trackingEventsPerMinute: 60 }, trustedProxies: 1 };
    const [one, other] = [await openNode(options), await openNode(options)];
    const connect = (node: OpenRealtime, address: string) =>
      node.connect('/analytics/tracking', {}, { ...BROWSER, 'x-forwarded-for': address });
    const here = await connect(one, '203.0.113.5');
    const there = await connect(other, '203.0.113.5');
    const neighbour = await connect(other, '203.0.113.6');
    expect(await here.get('track', batch(50))).toEqual({ accepted: 50 });
    expect(await there.call('track', batch(20))).toMatchObject({ problem: { code: 'request.too_many' } });
    expect(await neighbour.get('track', batch(20))).toEqual({ accepted: 20 });
  });

  test('by bots, by nobody, or while tracking is off, is answered and not stored', async () => {
    const [node, off] = [await openNode(), await openNode({ analytics: { trackingEnabled: false } })];
    const before = await stored();
    const clients = [
      await node.connect(
        '/analytics/tracking',
        {},
        { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' },
      ),
      await node.connect('/analytics/tracking', {}, { 'user-agent': '' }),
      await off.connect('/analytics/tracking', {}, BROWSER),
    ];
    for (const client of clients) expect(await client.get('track', batch(2))).toEqual({ accepted: 2 });
    expect(await stored()).toBe(before);
  });
});
