import { expect, test } from 'vitest';

import { fixedPointLike, forecasting } from '../../support/replenishment/planners';
import { simulateYear } from '../../support/replenishment/simulated-year';
import { syntheticShop } from '../../support/replenishment/synthetic-shop';

// The shop of docs/replenishment.md. Everything is drawn from its seed, so each run finds the same figures.

const COVER_DAYS = 21;
const LIMIT_MS = 1_200_000;
const shop = syntheticShop(500, 13);

/** A service level, the fill that it must reach, and by how much stock must be less than with the best fixed point. */
test.each([
  { level: 0.8, fill: 0.98, less: 0.1 },
  { level: 0.95, fill: 0.997, less: 0.25 },
])(
  'with the forecast at $level, 500 SKUs need $less less stock for a year than with the best fixed point of equal fill and orders',
  ({ level, fill, less }) => {
    const year = simulateYear(shop, forecasting({ kind: 'cycle', level }, COVER_DAYS, shop));
    const fixed = fixedPointLike(shop, year, COVER_DAYS);
    expect(year.fill).toBeGreaterThanOrEqual(fill);
    expect(Math.abs(fixed.orders / year.orders - 1)).toBeLessThan(0.01);
    // Less fill would flatter the forecast.
    expect(Math.abs(fixed.fill - year.fill)).toBeLessThan(0.0005);
    expect(1 - year.stock / fixed.stock).toBeGreaterThan(less);
    process.stderr.write(
      `forecast ${level}: fill ${year.fill}, orders ${year.orders}, stock ${year.stock}; fixed point: fill ${fixed.fill}, orders ${fixed.orders}, stock ${fixed.stock}\n`,
    );
  },
  LIMIT_MS,
);
