import { afterAll, beforeAll, expect, test } from 'vitest';

import { compareYears } from '../support/replenishment/operated-year';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

test('a quarter of twenty SKUs by the operations comes out as on the pure functions, and no need is met twice', async () => {
  const { fillDifference, stockRatio, ordersRatio, needless, broken } = await compareYears(shop, {
    yearDays: 91,
  });
  expect(fillDifference).toBeGreaterThan(-0.01);
  expect(Math.abs(stockRatio - 1)).toBeLessThan(0.1);
  expect(Math.abs(ordersRatio - 1)).toBeLessThan(0.1);
  expect(needless).toEqual([]);
  expect(broken).toEqual(['sales-are-booked-once']);
});
