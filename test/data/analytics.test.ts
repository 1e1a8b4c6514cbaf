import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { countDay, countPresentDay, noteLevels } from '../../entities/analytics/count-day';
import { daysToCount, finishAgain, finishDay, rebuildFrom } from '../../entities/analytics/days-to-count';
import type { FigureName, FigureSource } from '../../entities/analytics/figures';
import { dropPartitions, keepTracking } from '../../entities/analytics/keep-partitions';
import { readFigures } from '../../entities/analytics/read-figures';
import { readHistory } from '../../entities/analytics/read-history';
import { createTracking } from '../../entities/analytics/tracking';
import { addDays, businessDay, endOf, instantOf } from '../../entities/calendar/business-day';
import { removeTracking } from '../../entities/retention/remove-tracking';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { newId } from '../../entities/values/uuid';
import { createRateLimiter } from '../../platform/rate-limit';
import { countStatements } from '../../platform/statement-count';
import { withTransaction } from '../../platform/transaction';
import { barrier } from '../support/barrier';
import { eventually } from '../support/eventually';
import { buildCampaignCall } from '../support/factories/campaign-calls';
import { buildOrder } from '../support/factories/orders';
import { buildMessage, buildSend } from '../support/factories/sms';
import { buildAdmin } from '../support/factories/staff';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { moveStock } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildTicket } from '../support/factories/tickets';
import { buildBatch, viewAt } from '../support/factories/tracked';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
  await shop.run((transaction) => keepTracking(transaction, TODAY));
});
afterAll(() => shop.close());

const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  rows<Row>(shop.database.manager, sql, values);

beforeEach(async () => {
  await run('DELETE FROM tracking_events');
  await run('DELETE FROM tracking_present');
  await run('DELETE FROM tracking_salts');
  await run('DELETE FROM analytics_failed_days');
  await run('DELETE FROM analytics_days');
  await run('DELETE FROM analytics_sources');
  await run('DELETE FROM sms_attempts');
  await run('DELETE FROM campaign_recipients');
  await run('DELETE FROM campaign_batches');
  await run(`DELETE FROM events WHERE aggregate_type = 'order'`);
});

const TODAY = businessDay(new Date());
const YESTERDAY = addDays(TODAY, -1);
const AT_NOON = instantOf(YESTERDAY, 720);
const PERSON = { isBot: false, identity: '203.0.113.9' };

type TrackingParts = Parameters<typeof createTracking>[0];

/** Limits that several processes may share. */
function buildLimits(bounds: { perMinute?: number; perDay?: number } = {}) {
  const { consumeMany } = createRateLimiter(new Redis({ lazyConnect: true }));
  return { perMinute: 10_000, perDay: 1_000_000, ...bounds, consume: consumeMany };
}

/** A process that takes events, and what it counted. */
function buildTracking(more: Partial<TrackingParts> = {}) {
  const counts: Record<string, number> = {};
  const tracking = createTracking({
    isEnabled: true,
    oneIn: 1,
    run: (operation) => withTransaction(shop.database, operation),
    count(outcome, events) {
      counts[outcome] = (counts[outcome] ?? 0) + events;
    },
    limits: buildLimits(),
    now: () => AT_NOON,
    ...more,
  });
  return { tracking, track: tracking.track, counts };
}

const stored = () =>
  run<{ day: string; name: string; session: string; weight: number }>(
    'SELECT day::text, name, session, weight FROM tracking_events ORDER BY day, at',
  );

const partitions = () =>
  run<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'tracking'::regnamespace AND relkind = 'r' ORDER BY 1`,
  ).then((found) => found.map(({ name }) => name));
const partitionOf = (day: string) => `events_${day.replaceAll('-', '')}`;

describe('events of browsers', () => {
  test('are stored although their day has no partition, also by several processes at once', async () => {
    await run(`DROP TABLE IF EXISTS tracking.${partitionOf(YESTERDAY)}`);
    const processes = Array.from({ length: 4 }, () => buildTracking());
    const answers = await Promise.all(
      processes.map(({ track }) => track(buildBatch([viewAt(AT_NOON), viewAt(AT_NOON)]), PERSON)),
    );
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ accepted: 2 })));
    expect(await stored()).toHaveLength(8);
    expect(await partitions()).toContain(partitionOf(YESTERDAY));
  });

  test('that come again after midnight, or twice in one batch, are stored once', async () => {
    const midnight = endOf(YESTERDAY).getTime();
    const view = viewAt(new Date(midnight - 10_000));
    const batch = buildBatch([view, view]);
    for (const ms of [-5_000, 60_000, 3_600_000]) {
      const { track } = buildTracking({ now: () => new Date(midnight + ms) });
      expect(await track(batch, PERSON)).toEqual({ accepted: 2 });
    }
    expect(await stored()).toMatchObject([{ day: YESTERDAY, name: 'page_view' }]);
  });

  test('of a clock that is a year off count for an open day', async () => {
    const { track } = buildTracking();
    for (const sign of [-1, 1])
      await track(buildBatch([viewAt(new Date(AT_NOON.getTime() + sign * 365 * 86_400_000))]), PERSON);
    expect((await stored()).map(({ day }) => day)).toEqual([addDays(YESTERDAY, -1), TODAY]);
  });

  test.each([
    ['right', -60_000, YESTERDAY],
    ['a day ahead', 86_400_000 + 60_000, TODAY],
    ['a year ahead', 365 * 86_400_000, TODAY],
    ['two days behind', -2 * 86_400_000, addDays(YESTERDAY, -1)],
    ['a year behind', -365 * 86_400_000, addDays(YESTERDAY, -1)],
  ])('of a clock that is %s count once, also when they come again after midnight', async (_what, ms, day) => {
    const midnight = endOf(YESTERDAY).getTime();
    const batch = buildBatch([viewAt(new Date(midnight + ms))]);
    for (const now of [-1_000, 1_000, 23 * 3_600_000])
      await buildTracking({ now: () => new Date(midnight + now) }).track(batch, PERSON);
    expect((await stored()).map((row) => row.day)).toEqual([day]);
  });

  test('of bots, and all while tracking is off, are answered and not stored', async () => {
    const bots = buildTracking();
    expect(await bots.track(buildBatch([viewAt(AT_NOON)]), { ...PERSON, isBot: true })).toEqual({
      accepted: 1,
    });
    const off = buildTracking({ isEnabled: false });
    const { statements } = await countStatements(shop.database, () =>
      off.track(buildBatch([viewAt(AT_NOON)]), PERSON),
    );
    expect([bots.counts, off.counts, statements]).toEqual([{ of_bots: 1 }, { left_out: 1 }, []]);
    expect(await stored()).toEqual([]);
  });

  test('of a session that is left out are answered, and the others weigh more', async () => {
    const { track, counts } = buildTracking({ oneIn: 3 });
    for (let visitor = 0; visitor < 30; visitor += 1) await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const kept = await stored();
    expect(kept.length).toBeLessThan(30);
    expect(counts.left_out! + (counts.stored ?? 0)).toBe(30);
    expect(kept.every(({ weight }) => weight === 3)).toBe(true);
  });

  test('of many at once take one statement for each write and one connection', async () => {
    const { track } = buildTracking();
    await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const { statements } = await countStatements(shop.database, () =>
      Promise.all(Array.from({ length: 40 }, () => track(buildBatch([viewAt(AT_NOON)]), PERSON))),
    );
    const inserts = statements.filter((text) => text.includes('INSERT INTO tracking_events'));
    expect(inserts.length).toBeLessThanOrEqual(3);
    expect(await stored()).toHaveLength(41);
  });

  test('are refused with a time to come back once too many wait, and taken again afterwards', async () => {
    const { tracking, track, counts } = buildTracking({ bounds: { mostWaiting: 2, mostAtOnce: 2 } });
    await track(buildBatch([viewAt(AT_NOON)]), PERSON);
    const [locked, goOn] = [barrier(2), barrier(2)];
    const locking = shop.run(async (transaction) => {
      await rows(transaction, 'LOCK TABLE tracking_events IN SHARE MODE');
      await locked();
      await goOn();
    });
    await locked();
    const waiting = track(buildBatch([viewAt(AT_NOON), viewAt(AT_NOON)]), PERSON);
    await eventually(
      () => tracking.waiting,
      (events) => events === 2,
    );
    const late = buildBatch([viewAt(AT_NOON)]);
    expect(await refusalOf(track(late, PERSON))).toEqual({
      code: 'tracking.full',
      details: { retryAfterSeconds: 5 },
    });
    await goOn();
    await Promise.all([locking, waiting]);
    expect(await track(late, PERSON)).toEqual({ accepted: 1 });
    expect(await stored()).toHaveLength(4);
    expect(counts).toEqual({ stored: 4, left_out: 0, refused: 1 });
  });

  const views = (number: number) => buildBatch(Array.from({ length: number }, () => viewAt(AT_NOON)));

  test('are counted, not requests, for each sender through all processes, and refused beyond the limit', async () => {
    const limits = buildLimits({ perMinute: 60 });
    const [one, other] = [buildTracking({ limits }), buildTracking({ limits })];
    await one.track(views(50), PERSON);
    expect(await refusalOf(other.track(views(20), PERSON))).toEqual({
      code: 'request.too_many',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    await other.track(views(20), { ...PERSON, identity: '203.0.113.10' });
    expect(await stored()).toHaveLength(70);
    expect(other.counts).toEqual({ limited: 20, left_out: 0, stored: 20 });
  });

  test('of a day are stored up to its limit, and then answered', async () => {
    const { track, counts } = buildTracking({ limits: buildLimits({ perDay: 60 }) });
    for (const identity of ['203.0.113.1', '203.0.113.2'])
      expect(await track(views(50), { isBot: false, identity })).toEqual({ accepted: 50 });
    expect(await stored()).toHaveLength(50);
    expect(counts).toEqual({ left_out: 0, stored: 50, over_day: 50 });
  });

  test('say nothing of anybody, and nobody can join two days once their salts are gone', async () => {
    const session = randomUUID();
    const { track } = buildTracking();
    await track(buildBatch([viewAt(AT_NOON), viewAt(instantOf(TODAY, 0))], session), PERSON);
    const [one, other] = await stored();
    expect(one!.session).not.toBe(other!.session);
    const [text] = await run<{ text: string }>(
      `SELECT string_agg(t::text, ' ') || (SELECT string_agg(s::text, ' ') FROM tracking_salts s) AS text FROM tracking_events t`,
    );
    expect(text!.text).not.toContain(session);
    const salts = () => run<{ day: string }>('SELECT day::text FROM tracking_salts ORDER BY day');
    await shop.run((transaction) => keepTracking(transaction, addDays(TODAY, 2)));
    expect(await salts()).toEqual([]);
  });
});

describe('the days of events', () => {
  test('have their partitions a week ahead', async () => {
    await shop.run((transaction) => keepTracking(transaction, TODAY));
    const again = await shop.run((transaction) => keepTracking(transaction, TODAY));
    expect(again).toEqual({ made: 0 });
    const names = await partitions();
    for (let ahead = -1; ahead <= 7; ahead += 1) expect(names).toContain(partitionOf(addDays(TODAY, ahead)));
  });

  test('go as a whole once they are old, and their figures stay', async () => {
    const old = addDays(TODAY, -100);
    await run(
      `CREATE TABLE tracking.${partitionOf(old)} PARTITION OF tracking_events FOR VALUES FROM ('${old}') TO ('${addDays(old, 1)}')`,
    );
    await buildTracked(old, 600, 'a visitor');
    await count('tracking', old);
    const before = await figures();
    expect(before).not.toEqual([]);
    await shop.run((transaction) => daysToCount(transaction, 'tracking', { now: new Date(), keptDays: 200 }));

    const dropped = await shop.run((transaction) => dropPartitions(transaction, addDays(TODAY, -90)));

    expect(dropped.dropped).toBeGreaterThan(0);
    expect(await partitions()).not.toContain(partitionOf(old));
    // Whoever keeps events for longer now has no more of the old ones.
    const days = await shop.run((transaction) =>
      daysToCount(transaction, 'tracking', { now: new Date(), keptDays: 200 }),
    );
    expect(days.from).toBe(addDays(TODAY, -90));
    expect(await figures()).toEqual(before);
  });

  test('go a day a transaction, the oldest first', async () => {
    const old = [-103, -102, -101].map((ahead) => addDays(TODAY, ahead));
    for (const day of old)
      await run(
        `CREATE TABLE tracking.${partitionOf(day)} PARTITION OF tracking_events FOR VALUES FROM ('${day}') TO ('${addDays(day, 1)}')`,
      );
    const left = [];
    let next: string | null = '';
    while (next !== null) {
      ({ next } = await shop.run((transaction) => removeTracking(transaction, 90)));
      const names = await partitions();
      left.push(old.filter((day) => names.includes(partitionOf(day))).length);
    }
    expect(left).toEqual([2, 1, 0, 0]);
  });

  test('are made and dropped near today only, whoever asks', async () => {
    for (const sql of [
      `SELECT make_tracking_partition('${addDays(TODAY, 31)}')`,
      `SELECT make_tracking_partition('${addDays(TODAY, -3)}')`,
      `SELECT drop_tracking_partitions('${addDays(TODAY, -1)}')`,
    ])
      await expect(run(sql)).rejects.toThrow(/too far|still come/);
  });
});

/** Something that happened to an order at a minute of a day in Tehran. */
const happen = (day: string, minute: number, type: string, payload: object) =>
  run(
    `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload, created_at) VALUES ('order', $1, 1, $2, $3, $4)`,
    [newId(), type, JSON.stringify(payload), instantOf(day, minute)],
  );
const opened = { attemptId: 'a', gateway: 'zarinpal' };
const paid = (amount: number, gateway = 'zarinpal') => ({
  attemptId: 'a',
  gateway,
  amount: { amount, currency: 'IRR' },
});

const buildTracked = (day: string, minute: number, session: string, name = 'page_view', weight = 1) =>
  run(
    `INSERT INTO tracking_events (day, event_id, session, name, props, at, weight) VALUES ($1, $2, $3, $4, '{}', $5, $6)`,
    [day, viewAt(instantOf(day, minute)).id, session, name, instantOf(day, minute), weight],
  );

const count = (source: FigureSource, day: string) =>
  shop.run((transaction) => countDay(transaction, source, day));

const figures = () =>
  run<{ figure: string; day: string; hour: number; dimension: string; value: number }>(
    'SELECT figure, day::text, hour, dimension, value FROM analytics_days ORDER BY 1, 2, 3, 4',
  );
const read = () => readFigures(shop.database.manager, new Date());
const wholeDays = async () =>
  (await figures())
    .filter(({ hour }) => hour === -1)
    .map(({ figure, dimension, value }) => [figure, dimension, value]);

/** A day long ago, and the one after it, of which nothing else happens. */
const [DAY, NEXT] = ['2026-03-01', '2026-03-02'];

describe('the figures of a day', () => {
  test('of orders come from the journal, by the hours and the midnight of Tehran', async () => {
    await happen(DAY, 0, 'order.created', { number: 1 });
    await happen(DAY, 59, 'order.created', { number: 2 });
    await happen(DAY, 60, 'order.payment_opened', opened);
    await happen(DAY, 61, 'order.payment_unavailable', { ...opened, gateway: 'other' });
    await happen(DAY, 61, 'order.paid', paid(9_000_000_000_000));
    await happen(DAY, 1_439, 'order.paid', paid(500));
    await happen(DAY, 1_439, 'order.paid', paid(0, 'none'));
    await happen(DAY, 1_439, 'order.payment_surplus', paid(7));
    await happen(NEXT, 0, 'order.paid', paid(1));
    await count('orders', DAY);
    expect(await wholeDays()).toEqual([
      ['orders', '', 2],
      ['paid_orders', '', 3],
      ['payments_succeeded', 'zarinpal', 2],
      ['payments_tried', 'other', 1],
      ['payments_tried', 'zarinpal', 1],
      ['revenue', 'IRR', 9_000_000_000_500],
    ]);
    const hours = (await figures()).filter(({ hour, figure }) => hour >= 0 && figure === 'paid_orders');
    expect(hours.map(({ hour, value }) => [hour, value])).toEqual([
      [1, 1],
      [23, 2],
    ]);
  });

  test('of the shop’s own orders are those of their rows', async () => {
    const before = (await wholeDaysOfToday())['revenue IRR'] ?? 0;
    const order = await buildOrder(shop.database, { stage: 'paid' });
    await buildOrder(shop.database, { stage: 'open' });
    expect((await wholeDaysOfToday())['revenue IRR']! - before).toBe(order.state.total);
  });

  const wholeDaysOfToday = async () => {
    await count('orders', TODAY);
    return Object.fromEntries(
      (await wholeDays()).map(([figure, dimension, value]) => [`${figure} ${dimension}`, Number(value)]),
    );
  };

  test('of visitors count each once a day, whatever they did in how many hours, by their weight', async () => {
    for (const minute of [10, 20, 700]) await buildTracked(TODAY, minute, 'one');
    await buildTracked(TODAY, 10, 'two', 'product_view', 4);
    await count('tracking', TODAY);
    expect(await wholeDays()).toEqual([
      ['page_views', '', 3],
      ['product_views', '', 4],
      ['visitors', '', 5],
    ]);
    const hours = (await figures()).filter(({ hour, figure }) => hour >= 0 && figure === 'visitors');
    expect(hours.map(({ hour, value }) => [hour, value])).toEqual([
      [0, 5],
      [11, 1],
    ]);
  });

  test('of messages follow reports that come later', async () => {
    const sent = await buildMessage(shop.database, { kind: 'notice' });
    const send = (await buildSend(shop.database, sent.id))!;
    await count('sms', TODAY);
    expect(await wholeDays()).toEqual([
      ['sms_succeeded', 'first', 1],
      ['sms_tried', 'first', 1],
    ]);
    await run(`UPDATE sms_attempts SET delivery = 'failed' WHERE id = $1`, [send.attemptId]);
    await count('sms', TODAY);
    expect(await wholeDays()).toEqual([['sms_tried', 'first', 1]]);
  });

  test('of campaigns are those of their calls, beside the single messages of the same provider', async () => {
    await buildSend(shop.database, (await buildMessage(shop.database, { kind: 'notice' })).id);
    for (const call of [
      { status: 'accepted', messages: ['accepted', 'delivered', 'failed', 'suppressed'] },
      { status: 'refused', size: 2 },
      { status: 'unknown', messages: ['handed'] },
      { status: 'sending', messages: ['handed'] },
      { status: 'not_sent', size: 3, calledAt: null },
    ] as const)
      await buildCampaignCall(shop.database, call);
    await count('sms', TODAY);
    const first = [
      ['campaign_succeeded', 'sms-ir', 2],
      ['campaign_tried', 'sms-ir', 7],
      ['sms_succeeded', 'first', 1],
      ['sms_tried', 'first', 1],
    ];
    expect(await wholeDays()).toEqual(first);
    const hours = (await figures()).filter(({ hour, figure }) => hour >= 0 && figure === 'campaign_tried');
    expect(hours.reduce((sum, { value }) => sum + value, 0)).toBe(7);
    expect(await read()).toMatchObject({
      sms: [{ provider: 'first', tried: 1, succeeded: 1 }],
      campaigns: [{ provider: 'sms-ir', tried: 7, succeeded: 2 }],
    });

    await run(`UPDATE campaign_recipients SET status = 'failed' WHERE status = 'accepted'`);
    await count('sms', TODAY);
    expect((await wholeDays())[0]).toEqual(['campaign_succeeded', 'sms-ir', 1]);
    expect((await read()).campaigns).toEqual([{ provider: 'sms-ir', tried: 7, succeeded: 1 }]);
  });

  test('are the same when they are counted again, and when they are lost and counted anew', async () => {
    for (let minute = 0; minute < 1_440; minute += 37) {
      await happen(DAY, minute, 'order.created', { number: minute });
      await happen(DAY, minute, 'order.paid', paid(minute));
      await buildTracked(TODAY, minute, `session ${minute % 5}`);
    }
    await buildSend(shop.database, (await buildMessage(shop.database, { kind: 'notice' })).id);
    const countAll = async () => {
      await count('orders', DAY);
      await count('sms', TODAY);
      await count('tracking', TODAY);
      return figures();
    };
    const first = await countAll();
    expect(first.length).toBeGreaterThan(80);
    expect(await countAll()).toEqual(first);
    await run('DELETE FROM analytics_days');
    expect(await countAll()).toEqual(first);
    await run('UPDATE analytics_days SET value = value + 1');
    await run(
      `INSERT INTO analytics_days (figure, day, hour, dimension, value) VALUES ('orders', $1, 3, 'stray', 1)`,
      [DAY],
    );
    expect(await countAll()).toEqual(first);
  });

  test('of levels are those that were noted last, and a count leaves them alone', async () => {
    const note = (hour: number, lowStock: number) =>
      shop.run((transaction) => noteLevels(transaction, { day: TODAY, hour }, { low_stock: lowStock }));
    await note(9, 4);
    await note(9, 6);
    await note(10, 0);
    for (const source of ['orders', 'sms', 'tracking'] as const) await count(source, TODAY);
    expect((await figures()).filter(({ figure }) => figure === 'low_stock')).toMatchObject([
      { hour: -1, value: 0 },
      { hour: 9, value: 6 },
      { hour: 10, value: 0 },
    ]);
  });
});

describe('the days that are counted', () => {
  const NOW = instantOf(TODAY, 600);
  const daysOf = (source: FigureSource, keptDays: number | null = null, now = NOW) =>
    shop.run((transaction) => daysToCount(transaction, source, { now, keptDays }));
  const finish = (source: FigureSource, day: string) =>
    shop.run((transaction) => finishDay(transaction, source, day));

  test('are all at first, then today, and once an hour the last three', async () => {
    await happen('2026-02-20', 10, 'order.created', { number: 1 });
    const first = await daysOf('orders');
    expect(first).toMatchObject({ to: TODAY, isAgain: true });
    expect(first.from <= '2026-02-20').toBe(true);
    await finish('orders', first.from);
    expect((await daysOf('orders')).from <= first.from).toBe(true);
    await finish('orders', TODAY);
    await shop.run((transaction) => finishAgain(transaction, 'orders', NOW));
    const after = (minutes: number) => daysOf('orders', null, new Date(NOW.getTime() + minutes * 60_000));
    expect(await after(5)).toEqual({ from: TODAY, to: TODAY, isAgain: false });
    expect(await after(61)).toEqual({ from: addDays(TODAY, -3), to: TODAY, isAgain: true });
  });

  test('reach over midnight', async () => {
    await happen('2026-02-20', 10, 'order.created', { number: 1 });
    await daysOf('orders');
    await finish('orders', YESTERDAY);
    await shop.run((transaction) => finishAgain(transaction, 'orders', NOW));
    expect(await daysOf('orders')).toEqual({ from: YESTERDAY, to: TODAY, isAgain: false });
  });

  test('are never those whose rows retention has removed, also when rows are kept for longer later', async () => {
    await daysOf('sms', 30);
    await run(`UPDATE analytics_sources SET complete_from = '2026-01-01'`);
    expect((await daysOf('sms', 30)).from).toBe(addDays(TODAY, -29));
    expect((await daysOf('sms', 180)).from).toBe(addDays(TODAY, -29));
  });

  test('begin earlier once when staff ask for it, and that is recorded', async () => {
    const actor = await buildAdmin(shop.database);
    await happen('2026-02-20', 10, 'order.created', { number: 1 });
    const { from } = await daysOf('orders');
    const asked = addDays(TODAY, -5);
    await finish('orders', TODAY);
    await shop.run((transaction) => finishAgain(transaction, 'orders', NOW));
    await shop.run((transaction) => rebuildFrom(transaction, actor, asked));
    await shop.run((transaction) => rebuildFrom(transaction, actor, addDays(asked, 1)));
    expect((await daysOf('orders')).from).toBe(asked);
    for (let day = asked; day <= TODAY; day = addDays(day, 1)) {
      expect((await daysOf('orders')).from).toBe(day);
      await finish('orders', day);
    }
    expect((await daysOf('orders')).from).toBe(TODAY);
    await shop.run((transaction) => rebuildFrom(transaction, actor, addDays(from, -900)));
    expect((await daysOf('orders')).from).toBe(from);
    const recorded = await run(
      `SELECT details FROM staff_actions WHERE action = 'analytics.rebuild' ORDER BY id`,
    );
    expect(recorded[0]).toEqual({ details: { from: asked } });
  });
});

describe('the history', () => {
  const history = (figure: FigureName, from: string, to: string, by?: 'day' | 'hour') =>
    readHistory(shop.database.manager, { figure, from, to, ...(by ? { by } : {}) }, 'query');

  test('has parts beside their wholes, also where one of them is missing', async () => {
    await happen(DAY, 60, 'order.payment_opened', opened);
    await happen(DAY, 60, 'order.payment_opened', { ...opened, gateway: 'other' });
    await happen(DAY, 61, 'order.paid', paid(500));
    await count('orders', DAY);
    const { points } = await history('payment_success', DAY, DAY);
    expect(points).toEqual([
      { day: DAY, hour: null, dimension: 'other', value: 0, of: 1, countedAt: expect.any(String) },
      { day: DAY, hour: null, dimension: 'zarinpal', value: 1, of: 1, countedAt: expect.any(String) },
    ]);
    const conversion = await history('conversion', DAY, NEXT, 'hour');
    expect(conversion.points).toMatchObject([{ day: DAY, hour: 1, dimension: null, value: 1, of: 0 }]);
    expect((await history('revenue', DAY, NEXT)).points).toMatchObject([
      { day: DAY, dimension: 'IRR', value: 500, of: null },
    ]);
  });

  test.each([
    ['a time that ends before it begins', NEXT, DAY, 'day'],
    ['more than a year of days', '2025-01-01', '2026-01-02', 'day'],
    ['more than two weeks of hours', '2026-01-01', '2026-01-15', 'hour'],
  ] as const)('refuses %s', async (_what, from, to, by) => {
    const { code, details } = await refusalOf(history('orders', from, to, by));
    expect([code, details.errors]).toEqual([
      'request.invalid',
      [expect.objectContaining({ field: 'to', rule: 'range' })],
    ]);
  });

  test('takes a year of days and two weeks of hours', async () => {
    expect((await history('orders', '2025-01-01', '2026-01-01')).points).toEqual([]);
    expect((await history('orders', '2026-01-01', '2026-01-14', 'hour')).points).toEqual([]);
  });
});

describe('the figures of this moment', () => {
  test('are those of the rows, with two statements', async () => {
    const now = new Date();
    const before = await readFigures(shop.database.manager, now);
    const order = await buildOrder(shop.database, { stage: 'paid' });
    await buildOrder(shop.database, { stage: 'open' });
    await buildTicket(shop);
    await buildSend(shop.database, (await buildMessage(shop.database, { kind: 'notice' })).id);
    const { track } = buildTracking({ now: () => new Date() });
    await track(buildBatch([viewAt(now), viewAt(now)]), PERSON);
    await track(buildBatch([viewAt(now)]), PERSON);
    await track(buildBatch([viewAt(new Date(now.getTime() - 10 * 60_000))]), PERSON);
    await count('tracking', businessDay(now));
    await shop.run((transaction) =>
      noteLevels(transaction, { day: TODAY, hour: 1 }, { attention: 3, low_stock: 0 }),
    );

    const { result, statements } = await countStatements(shop.database, () =>
      readFigures(shop.database.manager, new Date()),
    );

    expect(statements).toHaveLength(2);
    const revenue = (of: typeof result) => of.revenueToday.reduce((sum, { amount }) => sum + amount, 0);
    expect(result.ordersToday - before.ordersToday).toBe(2);
    expect(result.paidOrdersToday - before.paidOrdersToday).toBe(1);
    expect(revenue(result) - revenue(before)).toBe(order.state.total);
    expect(result.openTickets - before.openTickets).toBe(1);
    expect(result).toMatchObject({
      visitorsNow: 2,
      sms: [{ provider: 'first', tried: 1, succeeded: 1 }],
      payments: [{ gateway: 'zarinpal', tried: expect.any(Number), succeeded: expect.any(Number) }],
      attention: { workflows: 3, asOf: expect.any(String) },
    });
    expect(result.visitorsToday).toBeGreaterThanOrEqual(2);
  });

  /** Counts the present day as the job does. */
  async function countPresent(): Promise<void> {
    for (const source of ['orders', 'sms', 'tracking'] as const) {
      await shop.run((transaction) => daysToCount(transaction, source, { now: new Date(), keptDays: null }));
      await shop.run((transaction) => countPresentDay(transaction, source, new Date()));
    }
  }

  test('have what the job counted and what came since once each, also of transactions that end late', async () => {
    const first = await buildOrder(shop.database, { stage: 'paid' });
    await buildOrder(shop.database, { stage: 'refunded' });
    const [written, goOn] = [barrier(2), barrier(2)];
    const late = shop.run(async (transaction) => {
      await rows(
        transaction,
        `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
         VALUES ('order', $1, 1, 'order.paid', $2)`,
        [newId(), JSON.stringify(paid(700))],
      );
      await written();
      await goOn();
    });
    await written();
    const uncounted = await read();
    await countPresent();
    const counted = await read();
    const { asOf: _before, todayAsOf: _now, conversion: _none, ...figuresBefore } = uncounted;
    expect(counted).toMatchObject(figuresBefore);
    await goOn();
    await late;
    const second = await buildOrder(shop.database, { stage: 'paid' });
    const third = await buildOrder(shop.database, { stage: 'refunded' });
    const live = await read();
    expect(live).toMatchObject({
      ordersToday: 4,
      paidOrdersToday: 3,
      revenueToday: [{ amount: first.state.total + 700 + second.state.total, currency: 'IRR' }],
      refundedToday: [{ amount: 2 * third.state.total, currency: 'IRR' }],
    });
    await countPresent();
    const again = await read();
    expect(again).toMatchObject({
      ordersToday: live.ordersToday,
      paidOrdersToday: live.paidOrdersToday,
      revenueToday: live.revenueToday,
      refundedToday: live.refundedToday,
    });
  });

  test('of today are as old as the last run while too much has happened since, and say so', async () => {
    const bounded = (mostSince: number) => readFigures(shop.database.manager, new Date(), { mostSince });
    await buildTracked(TODAY, 0, 'a visitor');
    const uncounted = await buildOrder(shop.database, { stage: 'paid' });
    expect(await bounded(1)).toMatchObject({
      ...{ ordersToday: 0, paidOrdersToday: 0, revenueToday: [], refundedToday: [], conversion: null },
      todayAsOf: instantOf(TODAY, 0).toISOString(),
    });
    const all = await bounded(2);
    expect(all).toMatchObject({ ordersToday: 1, paidOrdersToday: 1, todayAsOf: all.asOf });

    const counted = await eventually(
      async () => {
        await countPresent();
        return bounded(0);
      },
      ({ ordersToday }) => ordersToday === 1,
    );
    expect(counted).toMatchObject({ ordersToday: 1, todayAsOf: counted.asOf });
    await buildOrder(shop.database, { stage: 'paid' });
    const late = await bounded(1);
    expect(late).toMatchObject({
      ...{ ordersPerMinute: 2, ordersToday: 1, paidOrdersToday: 1, conversion: null },
      revenueToday: [{ amount: uncounted.state.total, currency: 'IRR' }],
    });
    expect(late.todayAsOf < counted.asOf).toBe(true);
    expect(await bounded(2)).toMatchObject({ ordersToday: 2, conversion: { paidOrders: 1, visitors: 1 } });
  });

  test('read no event again that the job has counted', async () => {
    for (let minute = 0; minute < 3; minute += 1)
      await happen(TODAY, minute, 'order.created', { number: minute });
    // A transaction of another test keeps what is newer from being counted.
    await eventually(
      async () => {
        await countPresent();
        return (await wholeDays())[0]?.[2];
      },
      (orders) => orders === 3,
    );
    // It would be missed if the events were counted, and not the rows of the job.
    await run(`DELETE FROM events WHERE type = 'order.created'`);
    expect((await read()).ordersToday).toBe(3);
  });

  test('of a conversion are of one instant', async () => {
    expect((await read()).conversion).toBeNull();
    await buildTracked(TODAY, 0, 'a visitor');
    await buildOrder(shop.database, { stage: 'paid' });
    await countPresent();
    await buildOrder(shop.database, { stage: 'paid' });
    await buildTracked(TODAY, 1, 'another visitor');
    const { conversion, visitorsToday, paidOrdersToday, asOf } = await read();
    expect([visitorsToday, paidOrdersToday]).toEqual([1, 2]);
    expect(conversion).toEqual({ paidOrders: 1, visitors: 1, asOf: expect.any(String) });
    expect(conversion!.asOf < asOf).toBe(true);
  });

  test('count visitors who are there, however much one of them does', async () => {
    const now = new Date();
    const { track } = buildTracking({ now: () => now });
    const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
    await track(buildBatch([viewAt(ago(3))]), PERSON);
    const loud = randomUUID();
    for (let time = 0; time < 20; time += 1)
      await track(
        buildBatch(
          Array.from({ length: 50 }, () => viewAt(now)),
          loud,
        ),
        PERSON,
      );
    expect((await readFigures(shop.database.manager, now)).visitorsNow).toBe(2);
    expect((await run('SELECT 1 FROM tracking_present')).length).toBe(2);
    await run(`UPDATE tracking_present SET minute = minute - interval '20 minutes'`);
    await shop.run((transaction) => keepTracking(transaction, TODAY));
    expect(await run('SELECT 1 FROM tracking_present')).toEqual([]);
  });

  test('have orders of this minute', async () => {
    await buildOrder(shop.database);
    expect(await read()).toMatchObject({ ordersPerMinute: 1 });
  });

  describe('have goods that are low', () => {
    const point = (variantId: string, reorderPoint: number | null, isShared = false) =>
      run('UPDATE stock_levels SET reorder_point = $2, reorder_shared = $3 WHERE variant_id = $1', [
        variantId,
        reorderPoint,
        isShared,
      ]);
    const sells = (locationId: string, isSelling: boolean) =>
      run('UPDATE stock_locations SET sells = $2 WHERE id = $1', [locationId, isSelling]);
    let before = 0;
    const low = async () => (await read()).lowStock - before;

    beforeEach(async () => {
      before = (await read()).lowStock;
    });

    test('while their units are at or below the point, whatever became of an alert', async () => {
      const { id } = await buildStockedVariant(shop.database, { stock: 5 });
      expect(await low()).toBe(0);
      await point(id, 5);
      expect(await low()).toBe(1);
      await point(id, 4);
      expect(await low()).toBe(0);
      await moveStock(shop.database, id, -1);
      await shop.run((transaction) => noteStockCrossings(transaction, { variantId: id }));
      expect(await low()).toBe(1);
      // A tenth above the point the alert is rearmed; the stock is not low before that.
      await moveStock(shop.database, id, 1);
      expect(await low()).toBe(0);
      await moveStock(shop.database, id, -1);
      await point(id, null);
      expect(await low()).toBe(0);
    });

    test('and are sold', async () => {
      const variant = await buildStockedVariant(shop.database, { stock: 1 });
      await point(variant.id, 1);
      const status = (of: string) => run('UPDATE variants SET status = $2 WHERE id = $1', [variant.id, of]);
      await status('retired');
      expect(await low()).toBe(0);
      await status('active');
      expect(await low()).toBe(1);
      await run(`UPDATE products SET status = 'archived' WHERE id = $1`, [variant.productId]);
      expect(await low()).toBe(0);
    });

    test('where they are sold, each level for itself or all of a variant together', async () => {
      const shelf = await buildLocation(shop.database);
      const { id } = await buildStockedVariant(shop.database, { stock: 5 });
      await receive(shop.database, id, shelf, 5);
      await point(id, 6);
      expect(await low()).toBe(2);
      await sells(shelf, false);
      expect(await low()).toBe(1);
      await point(id, 6, true);
      expect(await low()).toBe(1);
      await sells(shelf, true);
      expect(await low()).toBe(0);
      await point(id, 10, true);
      expect(await low()).toBe(1);
    });
  });

  test('of a shop in which nothing happened yet are zero, and what nobody asked is unknown', async () => {
    const longAgo = new Date('2031-01-01T09:00:00Z');
    expect(await readFigures(shop.database.manager, longAgo)).toMatchObject({
      ordersPerMinute: 0,
      revenueToday: [],
      visitorsNow: 0,
      visitorsToday: 0,
      payments: [],
      sms: [],
      attention: null,
    });
  });
});
