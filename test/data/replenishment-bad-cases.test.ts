import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { addDays } from '../../entities/calendar/business-day';
import { bookStock } from '../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { computePolicies } from '../../entities/replenishment/compute-policies';
import { decideReplenishment } from '../../entities/replenishment/decide-replenishment';
import { findNeeds } from '../../entities/replenishment/find-needs';
import { rollUpDemand } from '../../entities/replenishment/roll-up-demand';
import type { Transaction } from '../../entities/sql';
import { countStatements } from '../../platform/statement-count';
import { buildLedger } from '../support/factories/ledger';
import { buildPolicy } from '../support/factories/policies';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  const broken = (await shop.brokenInvariants()).map(({ invariant }) => invariant);
  // Sales of the past have no orders behind them.
  const others = broken.filter((invariant) => invariant !== 'sales-are-booked-once');
  if (others.length > 0) throw new Error(`Broken invariants: ${others.join(', ')}`);
});
afterAll(() => shop.close());

const FORECAST = { kind: 'forecast', service: { kind: 'cycle', level: 0.95 }, coverDays: 21 } as const;

const look = ({ id }: StockedVariant) =>
  shop.run((transaction) => decideReplenishment(transaction, { variantId: id }));
const bandOf = async (policyId: string) => {
  const [band] = await rows<{ point: number; upTo: number; mean: number }>(
    shop.database.manager,
    `SELECT reorder_point AS point, up_to AS "upTo", (inputs #>> '{protection,mean}')::float8 AS mean
     FROM replenishment_policies WHERE id = $1`,
    [policyId],
  );
  return band!;
};

async function buildBought(stock: number): Promise<StockedVariant> {
  const variant = await buildStockedVariant(shop.database, { stock });
  await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId: variant.id });
  return variant;
}

test('two locations that fall together tell nobody, and the scan finds them', async () => {
  const variant = await buildBought(4);
  const second = await buildLocation(shop.database);
  await receive(shop.database, variant.id, second, 4);
  await buildPolicy(shop.database, variant.id, { policy: { kind: 'min_max', min: 5, max: 30 } });
  const damage = (locationId: string) => (transaction: Transaction) =>
    bookStock(transaction, {
      ...{ variantId: variant.id, locationId, delta: -2, reason: 'correction', cause: 'damaged' },
      ref: `damage:${locationId}`,
    });
  const { waited, second: other } = await interleave(shop, damage(DEFAULT_LOCATION_ID), damage(second));
  expect({ waited, other: other.status }).toEqual({ waited: false, other: 'fulfilled' });

  const told = await rows(
    shop.database.manager,
    `SELECT id FROM events WHERE type = 'stock.low' AND payload ->> 'variantId' = $1`,
    [variant.id],
  );
  expect(told).toEqual([]);
  const { variantIds } = await shop.run((transaction) => findNeeds(transaction, { after: null, limit: 100 }));
  expect(variantIds).toContain(variant.id);
  const [first, again] = await Promise.all([look(variant), look(variant)]);
  expect([...first.orderIds, ...again.orderIds]).toHaveLength(1);
});

test('one bulk order moves the reorder point no further than its cap of five usual lines', async () => {
  const TODAY = '2026-11-21';
  const days = Array.from({ length: 60 }, (_, at) => addDays(TODAY, at - 60));
  const buildSelling = async (lastLine: number) => {
    const variant = await buildStockedVariant(shop.database, { stock: 0 });
    await buildLedger(shop.database, variant.id, [
      { at: `${days[0]} 00:00`, delta: 2_000 },
      ...days.map((day) => ({ at: `${day} 12:00`, delta: -4, reason: 'sale' as const })),
      { at: `${days.at(-1)} 18:00`, delta: -lastLine, reason: 'sale' },
    ]);
    return variant.id;
  };
  const [usual, capped, bulk] = [await buildSelling(4), await buildSelling(20), await buildSelling(900)];
  await shop.run((transaction) =>
    rollUpDemand(transaction, { from: days[0]!, to: days.at(-1)!, after: null, limit: 100 }),
  );
  const bands = [];
  for (const variantId of [usual, capped, bulk]) {
    const policyId = await buildPolicy(shop.database, variantId, { policy: FORECAST, isComputed: false });
    await shop.run((transaction) =>
      computePolicies(transaction, { after: null, variantId, limit: 10, today: TODAY }),
    );
    bands.push(await bandOf(policyId));
  }
  expect(bands[2]).toEqual(bands[1]);
  expect(bands[2]!.point).toBeLessThan(1.5 * bands[0]!.point);
});

test('a variant that never sold anything gets a band from its category, and is ordered by it', async () => {
  const variant = await buildBought(0);
  const policyId = await buildPolicy(shop.database, variant.id, { policy: FORECAST });
  const { point, upTo, mean } = await bandOf(policyId);
  expect(mean).toBeGreaterThan(0);
  expect(point).toBeGreaterThan(mean);
  expect(upTo).toBeGreaterThan(point);
  expect((await look(variant)).orderIds).toHaveLength(1);
});

test('a look that finds enough takes two statements, and one that begins an order fourteen', async () => {
  const variant = await buildBought(2);
  await buildPolicy(shop.database, variant.id);
  const statementsOf = async () => {
    const { statements } = await countStatements(shop.database, () => look(variant));
    return statements.length - 2;
  };
  const [ordering, finding] = [await statementsOf(), await statementsOf()];
  expect({ ordering, finding }).toEqual({ ordering: 14, finding: 2 });
});
