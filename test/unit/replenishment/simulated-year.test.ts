import { expect, test } from 'vitest';

import { backTest } from '../../support/replenishment/back-test';
import { fixedPointLike, forecasting, movingMean } from '../../support/replenishment/planners';
import { simulateYear } from '../../support/replenishment/simulated-year';
import { syntheticShop } from '../../support/replenishment/synthetic-shop';

const shop = syntheticShop(40, 13);

test('the forecast errs less than both moving means', () => {
  const { all, fast, medium, seasonal } = backTest(shop, 4);
  expect(all.forecast).toBeLessThan(all.mean91);
  expect(all.forecast).toBeLessThan(all.mean28);
  expect(fast.forecast).toBeLessThan(fast.mean91);
  expect(medium.forecast).toBeLessThan(medium.mean91);
  expect(seasonal.forecast).toBeLessThan(seasonal.mean28);
});

test('a year with the forecast needs less stock than the fixed point with the same fill and orders', () => {
  const year = simulateYear(shop, forecasting({ kind: 'cycle', level: 0.95 }, 21, shop));
  const fixed = fixedPointLike(shop, year, 21);
  expect(Math.abs(fixed.orders / year.orders - 1)).toBeLessThan(0.05);
  expect(fixed.fill).toBeLessThan(year.fill + 0.002);
  expect(year.stock).toBeLessThan(0.9 * fixed.stock);
});

test('a higher service level serves more and keeps more', () => {
  const [low, high] = [0.9, 0.99].map((level) =>
    simulateYear(shop, forecasting({ kind: 'cycle', level }, 21, shop)),
  );
  expect(high!.fill).toBeGreaterThan(low!.fill);
  expect(high!.out).toBeLessThan(low!.out);
  expect(high!.stock).toBeGreaterThan(low!.stock);
});

test('the year is the same each time, and no unit is invented', () => {
  const [one, other] = [0, 1].map(() => simulateYear(shop, movingMean(21)));
  expect(one).toEqual(other);
  expect(one!.fill).toBeLessThanOrEqual(1);
});
