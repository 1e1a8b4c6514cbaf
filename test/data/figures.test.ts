import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { countDay, countPresentDay, noteLevels } from '../../entities/analytics/count-day';
import { daysToCount, finishAgain, finishDay, rebuildFrom } from '../../entities/analytics/days-to-count';
import type { FigureName, FigureSource } from '../../entities/analytics/figures';
import { keepTracking } from '../../entities/analytics/keep-partitions';
import { readFigures } from '../../entities/analytics/read-figures';
import { readHistory } from '../../entities/analytics/read-history';
import { readKnownLevels } from '../../entities/analytics/read-levels';
import { addDays, businessDay, instantOf } from '../../entities/calendar/business-day';
import { recordBulkReports } from '../../entities/campaigns/record-reports';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
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
import { figuresOf, opened, paid, PERSON, TODAY, YESTERDAY } from '../support/figures';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
  await shop.run((transaction) => keepTracking(transaction, TODAY));
});
afterAll(() => shop.close());

const { run, wipe, buildTracking, happen, buildTracked, count, figures, read, wholeDays } = figuresOf(
  () => shop,
);
beforeEach(wipe);

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

describe('a report of a call that was days ago', () => {
  const NOW = instantOf(TODAY, 600);
  const CALLED = addDays(TODAY, -6);
  const due = async () =>
    (await shop.run((transaction) => daysToCount(transaction, 'sms', { now: NOW, keptDays: 30 }))).from;
  const finish = (day: string) => shop.run((transaction) => finishDay(transaction, 'sms', day));

  /** Counts what is due, as the job does, until nothing is. */
  async function countDue(): Promise<void> {
    for (let day = await due(); ; day = addDays(day, 1)) {
      await count('sms', day);
      await finish(day);
      if (day === TODAY) break;
    }
    await shop.run((transaction) => finishAgain(transaction, 'sms', NOW));
  }

  /** Two messages of a call that were taken, and are counted. */
  async function buildCounted(day: string) {
    const calledAt = instantOf(day, 600);
    const call = await buildCampaignCall(shop.database, {
      ...{ status: 'accepted', messages: ['accepted', 'accepted'], calledAt },
    });
    await run(
      `UPDATE campaigns SET recipients = 2, accepted = 2
       WHERE id = (SELECT campaign_id FROM campaign_batches WHERE id = $1)`,
      [call.id],
    );
    await countDue();
    const ids = await run<{ id: string; campaignId: string }>(
      `SELECT provider_message_id AS id, campaign_id AS "campaignId" FROM campaign_recipients WHERE batch_id = $1`,
      [call.id],
    );
    const report = (message: 0 | 1, state: 'delivered' | 'failed') =>
      shop.run((transaction) =>
        recordBulkReports(transaction, {
          ...{ campaignId: ids[message]!.campaignId, batchId: call.id, provider: 'sms-ir', at: NOW },
          ...{ reports: [{ providerMessageId: ids[message]!.id, state, code: '5' }], isLast: true },
        }),
      );
    return { report };
  }

  const succeeded = async () =>
    (await wholeDays()).flatMap(([figure, , value]) => (figure === 'campaign_succeeded' ? [value] : []));

  test('has its day counted again, so that a rebuild changes nothing', async () => {
    const { report } = await buildCounted(CALLED);
    expect(await succeeded()).toEqual([2]);
    await report(0, 'delivered');
    expect(await due()).toBe(TODAY);
    await report(1, 'failed');
    await countDue();
    expect(await succeeded()).toEqual([1]);
    const counted = await figures();
    await count('sms', CALLED);
    expect(await figures()).toEqual(counted);
    expect(await due()).toBe(TODAY);
  });

  test('is not missed by a count of its day that is under way', async () => {
    const { report } = await buildCounted(CALLED);
    await report(0, 'failed');
    await finish(addDays(CALLED, -1));
    await shop.run(async (transaction) => {
      await countDay(transaction, 'sms', CALLED);
      await report(1, 'failed');
      await finishDay(transaction, 'sms', CALLED);
    });
    expect(await succeeded()).toEqual([1]);
    await countDue();
    expect(await succeeded()).toEqual([]);
  });

  test('marks nothing that is counted again anyway, or whose rows may be gone', async () => {
    const { report } = await buildCounted(addDays(TODAY, -2));
    await report(0, 'failed');
    expect(await due()).toBe(TODAY);
    const { report: reportOld } = await buildCounted(CALLED);
    await run(`UPDATE analytics_sources SET complete_from = $1`, [addDays(CALLED, 1)]);
    await reportOld(0, 'failed');
    expect(await due()).toBe(TODAY);
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
      noteLevels(transaction, { day: TODAY, hour: 1 }, { attention: 3, low_stock: 4 }),
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
      lowStock: { count: 4, asOf: expect.any(String) },
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
    const counted = async () => (await readKnownLevels(shop.database.manager)).low_stock;
    const low = async () => (await counted()) - before;

    beforeEach(async () => {
      before = await counted();
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
      const draft = await buildStockedVariant(shop.database, { stock: 1, productStatus: 'draft' });
      await point(draft.id, 1);
      expect(await low()).toBe(0);
      await run(`UPDATE products SET status = 'published' WHERE id = $1`, [draft.productId]);
      expect(await low()).toBe(1);
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
      lowStock: null,
      attention: null,
    });
  });
});
