import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { addDays } from '../../entities/calendar/business-day';
import { fillCalendar, readCalendar } from '../../entities/calendar/shop-calendar';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { computePolicies } from '../../entities/replenishment/compute-policies';
import { computeProfile } from '../../entities/replenishment/compute-profile';
import { correctDay } from '../../entities/replenishment/correct-day';
import { daysToRollUp } from '../../entities/replenishment/days-to-roll-up';
import { readDemand } from '../../entities/replenishment/read-demand';
import { finishRollUp, rollUpDemand } from '../../entities/replenishment/roll-up-demand';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import { buildLedger, type PastMovement } from '../support/factories/ledger';
import { buildPurchaseOrder } from '../support/factories/purchase-orders';
import { buildAdmin } from '../support/factories/staff';
import { buildLocation } from '../support/factories/stock-locations';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

/** A Wednesday and the two days after it. */
const [FIRST, SECOND, THIRD] = ['2026-11-18', '2026-11-19', '2026-11-20'] as const;

async function buildPast(...movements: PastMovement[]): Promise<StockedVariant> {
  const variant = await buildStockedVariant(shop.database, { stock: 0 });
  await buildLedger(shop.database, variant.id, movements);
  return variant;
}
const sale = (at: string, units: number, ref?: string): PastMovement => ({
  ...{ at, delta: -units, reason: 'sale' },
  ...(ref === undefined ? {} : { ref }),
});

async function rollUp(from: string = FIRST, to: string = THIRD): Promise<void> {
  for (let after: string | null = null; ;) {
    const { last } = await shop.run((transaction) =>
      rollUpDemand(transaction, { from, to, after, limit: 3 }),
    );
    if (last === null) return;
    after = last;
  }
}
const demandOf = ({ id }: StockedVariant) =>
  rows<{ day: string; units: number; lines: number; share: number }>(
    shop.database.manager,
    `SELECT day::text, units, lines, round(in_stock_share::numeric, 3)::float8 AS share
     FROM demand_daily WHERE variant_id = $1 ORDER BY day`,
    [id],
  );

describe('the demand of a day', () => {
  test('is what was paid on it, by the midnight of Tehran', async () => {
    const variant = await buildPast(
      { at: `${FIRST} 00:00`, delta: 50 },
      sale(`${FIRST} 23:59:59`, 2),
      sale(`${SECOND} 00:00`, 3),
      sale(`${SECOND} 12:00`, 1),
    );
    await rollUp();
    expect(await demandOf(variant)).toEqual([
      { day: FIRST, units: 2, lines: 1, share: 1 },
      { day: SECOND, units: 4, lines: 2, share: 1 },
    ]);
  });

  test('counts a line that was taken at two locations once', async () => {
    const second = await buildLocation(shop.database);
    const order = newId();
    const variant = await buildPast(
      { at: `${FIRST} 00:00`, delta: 5 },
      { at: `${FIRST} 00:00`, delta: 5, locationId: second },
      sale(`${SECOND} 10:00`, 2, order),
      { ...sale(`${SECOND} 10:00`, 3, order), locationId: second },
    );
    await rollUp();
    expect(await demandOf(variant)).toEqual([{ day: SECOND, units: 5, lines: 1, share: 1 }]);
  });

  test('takes a bulk order as five times the usual line', async () => {
    const variant = await buildPast(
      { at: `${FIRST} 00:00`, delta: 500 },
      ...[1, 2, 3, 4].map((hour) => sale(`${FIRST} 0${hour}:00`, 2)),
      sale(`${SECOND} 10:00`, 300),
    );
    await rollUp();
    expect(await demandOf(variant)).toMatchObject([{ units: 8 }, { day: SECOND, units: 10 }]);
  });

  test('is less what was cancelled before dispatch, and never below zero', async () => {
    const variant = await buildPast(
      { at: `${FIRST} 00:00`, delta: 50 },
      sale(`${FIRST} 10:00`, 3),
      { at: `${FIRST} 11:00`, delta: 2, reason: 'cancellation' },
      sale(`${SECOND} 10:00`, 1),
      { at: `${SECOND} 11:00`, delta: 4, reason: 'cancellation' },
    );
    await rollUp();
    expect(await demandOf(variant)).toMatchObject([{ units: 1 }, { units: 0 }]);
  });

  test('knows for how much of the day something could be bought', async () => {
    const variant = await buildPast({ at: `${FIRST} 06:00`, delta: 2 }, sale(`${FIRST} 18:00`, 2), {
      at: `${THIRD} 12:00`,
      delta: 9,
    });
    await rollUp();
    expect(await demandOf(variant)).toEqual([
      { day: FIRST, units: 2, lines: 1, share: 0.5 },
      { day: SECOND, units: 0, lines: 0, share: 0 },
      { day: THIRD, units: 0, lines: 0, share: 0.5 },
    ]);
  });

  test('has no stock where only a location that does not sell has some', async () => {
    const quarantine = await buildLocation(shop.database, { sells: false, kind: 'quarantine' });
    const variant = await buildPast({ at: `${FIRST} 00:00`, delta: 9, locationId: quarantine });
    await rollUp(FIRST, FIRST);
    expect(await demandOf(variant)).toEqual([{ day: FIRST, units: 0, lines: 0, share: 0 }]);
  });

  test('is replaced when it is computed again, and goes when nothing is left of it', async () => {
    const variant = await buildPast({ at: `${FIRST} 00:00`, delta: 9 }, sale(`${SECOND} 10:00`, 1));
    await rows(
      shop.database.manager,
      `INSERT INTO demand_daily VALUES ($1, '${SECOND}', 77, 7, 0.1), ($1, '${THIRD}', 88, 8, 1)`,
      [variant.id],
    );
    await rollUp();
    await rollUp();
    expect(await demandOf(variant)).toEqual([{ day: SECOND, units: 1, lines: 1, share: 1 }]);
  });
});

test('days are rolled up from the first movement on, then what is new and the last three again', async () => {
  await buildPast({ at: '2026-11-10 10:00', delta: 1 });
  await rows(shop.database.manager, 'UPDATE demand_profiles SET rolled_up_to = NULL');
  const span = () => shop.run((transaction) => daysToRollUp(transaction, '2026-11-21'));
  expect(await span()).toEqual({ from: '2026-11-10', to: '2026-11-20' });
  await shop.run((transaction) => finishRollUp(transaction, '2026-11-20'));
  expect(await span()).toEqual({ from: '2026-11-18', to: '2026-11-20' });
});

test('a series says zero, or nothing for days without stock and before the first one', async () => {
  const variant = await buildPast({ at: `${FIRST} 00:00`, delta: 4 }, sale(`${SECOND} 06:00`, 4));
  await rollUp();
  const [demand] = await shop.run((transaction) =>
    readDemand(transaction, [variant.id], { to: THIRD, days: 5 }),
  );
  expect(demand).toMatchObject({ variantId: variant.id, series: [null, null, 0, null, null], meanLine: 4 });
});

test('a holiday that staff correct stays corrected', async () => {
  await shop.run((transaction) => fillCalendar(transaction, { from: '2027-03-18', days: 5 }));
  const actor = await buildAdmin(shop.database);
  await shop.run((transaction) => correctDay(transaction, actor, { day: '2027-03-20', holiday: null }));
  await rows(shop.database.manager, `UPDATE calendar_days SET holiday = 'Outdated' WHERE day = '2027-03-21'`);
  await shop.run((transaction) => fillCalendar(transaction, { from: '2027-03-18', days: 9 }));
  const days = await shop.run((transaction) => readCalendar(transaction, '2027-03-20', 2));
  expect(days.map(({ day, holiday }) => [day, holiday?.name ?? null])).toEqual([
    ['2027-03-20', null],
    ['2027-03-21', 'Nowruz'],
  ]);
});

describe('a policy', () => {
  const TODAY = '2026-11-21';
  const policyOf = async (variant: StockedVariant, policy: object, locationId: string | null = null) => {
    const id = newId();
    await rows(
      shop.database.manager,
      `INSERT INTO replenishment_policies (id, variant_id, location_id, policy) VALUES ($1, $2, $3, $4)`,
      [id, variant.id, locationId, JSON.stringify(policy)],
    );
    await shop.run((transaction) =>
      computePolicies(transaction, { after: null, variantId: variant.id, limit: 10, today: TODAY }),
    );
    const [computed] = await rows<{ inputs: { protectionDays: number; protection: { mean: number } } }>(
      shop.database.manager,
      `SELECT inputs, reorder_point AS "reorderPoint", up_to AS "upTo", computed_on::text AS day
       FROM replenishment_policies WHERE id = $1`,
      [id],
    );
    return computed!;
  };
  /** Four units every day for sixty days. */
  const buildSteady = async () => {
    const days = Array.from({ length: 60 }, (_, day) => addDays(THIRD, day - 59));
    const variant = await buildPast(
      { at: `${days[0]} 00:00`, delta: 1_000 },
      ...days.map((day) => sale(`${day} 12:00`, 4)),
    );
    await rollUp(days[0], THIRD);
    return variant;
  };

  test('of a forecast expects what was sold, and writes its point to all levels that sell', async () => {
    const variant = await buildSteady();
    await shop.run((transaction) => computeProfile(transaction, TODAY));
    const computed = await policyOf(variant, {
      kind: 'forecast',
      service: { kind: 'cycle', level: 0.95 },
      coverDays: 21,
    });
    const { protectionDays, protection } = computed.inputs;
    expect(protection.mean / protectionDays).toBeGreaterThan(3.2);
    expect(protection.mean / protectionDays).toBeLessThan(4.8);
    expect(computed).toMatchObject({ day: TODAY });
    const levels = await rows(
      shop.database.manager,
      'SELECT reorder_point AS point, reorder_shared AS shared FROM stock_levels WHERE variant_id = $1',
      [variant.id],
    );
    expect(levels).toEqual([
      { point: (computed as unknown as { reorderPoint: number }).reorderPoint, shared: true },
    ]);
  });

  test('learns the lead time in working days: those of Nowruz do not count', async () => {
    const supplierId = await buildSupplier(shop.database, { leadDays: 3, leadSd: 0 });
    const { id: accountId } = await buildAccount(shop.database);
    for (let orders = 0; orders < 10; orders += 1) {
      const at = Date.parse('2026-03-17T06:30:00Z');
      const { orderId } = await buildPurchaseOrder(shop.database, { supplierId, at });
      await rows(
        shop.database.manager,
        `INSERT INTO purchase_order_receipts (id, order_id, account_id, request_digest, received_at)
         VALUES ($1, $2, $3, repeat('0', 64), '2026-04-04T06:30:00Z')`,
        [newId(), orderId, accountId],
      );
    }
    const variant = await buildStockedVariant(shop.database);
    await buildSupplierItem(shop.database, supplierId, { variantId: variant.id });
    const policy = { kind: 'days_of_cover', safetyDays: 0, coverDays: 7 };
    // Two working days before Nowruz and one after it. Eighteen days of the calendar lie between.
    const { inputs } = await policyOf(variant, policy);
    expect(inputs.protectionDays).toBeLessThanOrEqual(7);
  });

  test('of fixed points keeps them, also without any history', async () => {
    const variant = await buildStockedVariant(shop.database);
    expect(await policyOf(variant, { kind: 'min_max', min: 5, max: 30 }, DEFAULT_LOCATION_ID)).toMatchObject({
      reorderPoint: 5,
      upTo: 30,
    });
  });

  test('of a variant with one sale, or always out of stock, still has a band', async () => {
    const once = await buildPast({ at: `${FIRST} 00:00`, delta: 2 }, sale(`${FIRST} 10:00`, 1));
    const never = await buildPast({ at: `${FIRST} 00:00`, delta: 1 }, sale(`${FIRST} 00:01`, 1));
    await rollUp();
    for (const variant of [once, never]) {
      const computed = await policyOf(variant, {
        kind: 'forecast',
        service: { kind: 'fill', level: 0.99 },
        coverDays: 14,
      });
      expect(computed).toMatchObject({ reorderPoint: expect.any(Number), upTo: expect.any(Number) });
    }
  });
});
