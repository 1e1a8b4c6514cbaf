import { afterAll, beforeAll, expect, test } from 'vitest';

import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { playYear } from '../support/ticket-year';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 8 });
});
afterAll(() => shop.close());

// The same year each time. The drill beside it plays larger ones, each another.
test('a year of tickets keeps the clocks of a stopwatch on Postgres, and no mark is wrong or late', async () => {
  const { marks } = await playYear(shop, { lives: 8, seed: 13 });
  expect(Math.min(...Object.values(marks))).toBeGreaterThan(0);
  await shop.assertInvariantsHold();
});
