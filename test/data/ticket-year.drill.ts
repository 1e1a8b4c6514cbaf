import { randomInt } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { playYear } from '../support/ticket-year';

// TICKET_YEAR_SEED=7 npm run drills -- ticket-year repeats a year.
// oxlint-disable-next-line node/no-process-env -- a setting of this test alone, not of the shop
const SEED = Number(process.env['TICKET_YEAR_SEED'] ?? randomInt(1_000_000));

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 8 });
});
afterAll(() => shop.close());

// Another year each time.
test(`the year ${SEED} of tickets keeps the clocks of a stopwatch on Postgres, and no mark is wrong or late`, async () => {
  const { tickets, deeds, looks, marks } = await playYear(shop, { lives: 48, seed: SEED });
  expect(tickets).toBeGreaterThan(48);
  expect(deeds).toBeGreaterThan(300);
  expect(looks).toBeGreaterThan(700);
  expect(Math.min(...Object.values(marks))).toBeGreaterThan(5);
  await shop.assertInvariantsHold();
});
