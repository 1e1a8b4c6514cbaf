import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { planAllocation } from '../../../entities/inventory/plan-allocation';
import { decide, type Need } from '../../../entities/replenishment/decide';
import { demandDistribution } from '../../../entities/replenishment/demand-distribution';
import { bandOf, type Policy } from '../../../entities/replenishment/policy';

// A failing property reports its seed and the smallest counterexample; fc.assert's `seed` and `path` repeat it.
const RUNS = { numRuns: 300, seed: 13 };

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const units = fc.nat(5_000);

const service = fc.record({
  kind: fc.constantFrom('cycle' as const, 'fill' as const),
  level: real(0.5, 0.999),
});
const policy: fc.Arbitrary<Policy> = fc.oneof(
  fc.record({ kind: fc.constant('min_max' as const), min: units, max: units }),
  fc.record({ kind: fc.constant('s_S' as const), reorderPoint: units, coverDays: fc.nat(60) }),
  fc.record({ kind: fc.constant('days_of_cover' as const), safetyDays: fc.nat(60), coverDays: fc.nat(60) }),
  fc.record({ kind: fc.constant('forecast' as const), service, coverDays: fc.nat(60) }),
);
const need: fc.Arbitrary<Need> = fc.record({
  policy,
  inputs: fc.record({
    protectionDays: fc.integer({ min: 1, max: 90 }),
    protection: fc.record({ mean: real(0, 2_000), variance: real(0, 100_000) }),
    coverUnits: real(0, 3_000),
    leadSd: real(0, 20),
    meanLine: real(1, 50),
    costs: fc.option(fc.record({ perOrder: real(0, 1e6), holdingPerUnitYear: real(0, 1e5) })),
  }),
  position: fc.record({ onHand: units, inTransit: units, onOrder: units }),
  item: fc.record({
    minimumOrder: fc.integer({ min: 1, max: 1_000 }),
    pack: fc.integer({ min: 1, max: 144 }),
    unitCost: fc.option(fc.nat(1e9)),
  }),
  valueLimit: fc.option(fc.nat(1e12)),
});

describe('a decision', () => {
  test('orders whole packs, no less than the minimum, and reaches the top of the band', () => {
    fc.assert(
      fc.property(need, (need) => {
        const { result, band, position } = decide(need);
        if (result.kind === 'enough') return;
        expect(result.quantity % need.item.pack).toBe(0);
        expect(result.quantity).toBeGreaterThanOrEqual(need.item.minimumOrder);
        expect(position.total + result.quantity).toBeGreaterThanOrEqual(band.upTo);
        expect(result.quantity).toBeLessThan(
          Math.max(need.item.minimumOrder, band.upTo - position.total) + need.item.pack,
        );
      }),
      RUNS,
    );
  });

  test('orders nothing above the reorder point, and at or below it whenever the band has room', () => {
    fc.assert(
      fc.property(need, (need) => {
        const { result, band, position } = decide(need);
        const isNeeded = position.total <= band.reorderPoint && position.total < band.upTo;
        expect(result.kind).toBe(isNeeded ? 'order' : 'enough');
      }),
      RUNS,
    );
  });

  test('is not repeated once its order counts in the position', () => {
    fc.assert(
      fc.property(need, (need) => {
        const { result } = decide(need);
        if (result.kind === 'enough') return;
        const onOrder = need.position.onOrder + result.quantity;
        const again = decide({ ...need, position: { ...need.position, onOrder } });
        if (again.band.upTo > again.band.reorderPoint) expect(again.result.kind).toBe('enough');
        expect(again.position.total).toBeGreaterThanOrEqual(again.band.upTo);
      }),
      RUNS,
    );
  });

  test('has a band of whole units whose ends are ordered', () => {
    fc.assert(
      fc.property(need, ({ policy, inputs }) => {
        const { reorderPoint, upTo } = bandOf(policy, inputs);
        expect([reorderPoint, upTo].every(Number.isSafeInteger)).toBe(true);
        expect(reorderPoint).toBeGreaterThanOrEqual(0);
        expect(upTo).toBeGreaterThanOrEqual(reorderPoint);
      }),
      RUNS,
    );
  });
});

describe('a demand distribution', () => {
  const moments = fc.tuple(real(0, 1_000), real(0, 50_000));

  test('has quantiles that rise with the probability', () => {
    fc.assert(
      fc.property(moments, real(0.001, 0.999), real(0.001, 0.999), ([mean, variance], one, other) => {
        const { quantile } = demandDistribution(mean, variance);
        expect(quantile(Math.min(one, other))).toBeLessThanOrEqual(quantile(Math.max(one, other)));
      }),
      RUNS,
    );
  });

  test('needs less stock where more may be short', () => {
    fc.assert(
      fc.property(moments, real(0.01, 50), real(0.01, 50), ([mean, variance], one, other) => {
        const { stockForShortage } = demandDistribution(mean, variance);
        expect(stockForShortage(Math.max(one, other))).toBeLessThanOrEqual(
          stockForShortage(Math.min(one, other)),
        );
      }),
      RUNS,
    );
  });

  test.each([
    // scipy.stats.poisson.ppf and nbinom.ppf
    [3, 3, 0.95, 6],
    [0.1, 0.1, 0.95, 1],
    [10, 10, 0.99, 18],
    [4, 12, 0.5, 3],
    [4, 12, 0.95, 11],
  ])('of mean %d and variance %d has %d at %d', (mean, variance, p, quantile) => {
    expect(demandDistribution(mean, variance).quantile(p)).toBe(quantile);
  });

  test('of a fast seller is normal', () => {
    expect(demandDistribution(1_000, 10_000).quantile(0.95)).toBe(1_165);
  });
});

describe('an allocation', () => {
  const variants = ['a', 'b', 'c'];
  const stock = fc.uniqueArray(
    fc.record({
      locationId: fc.constantFrom('north', 'south', 'west'),
      variantId: fc.constantFrom(...variants),
      free: fc.integer({ min: -2, max: 6 }),
      priority: fc.nat(3),
    }),
    { selector: ({ locationId, variantId }) => `${locationId} ${variantId}` },
  );
  const lines = fc.uniqueArray(
    fc.record({ variantId: fc.constantFrom(...variants), quantity: fc.integer({ min: 1, max: 8 }) }),
    { selector: ({ variantId }) => variantId, minLength: 1 },
  );

  test('takes what is wanted and no more than is free, and fails only where there is too little', () => {
    fc.assert(
      fc.property(lines, stock, (lines, stock) => {
        const plan = planAllocation(lines, stock);
        const isEnough = lines.every(
          ({ variantId, quantity }) =>
            sum(stock.filter((at) => at.variantId === variantId).map(({ free }) => Math.max(0, free))) >=
            quantity,
        );
        expect(plan !== null).toBe(isEnough);
        for (const { variantId, quantity } of plan === null ? [] : lines) {
          expect(sum(plan!.filter((part) => part.variantId === variantId).map((part) => part.quantity))).toBe(
            quantity,
          );
        }
        for (const part of plan ?? []) {
          const at = stock.find(
            ({ locationId, variantId }) => locationId === part.locationId && variantId === part.variantId,
          )!;
          expect(part.quantity).toBeGreaterThan(0);
          expect(part.quantity).toBeLessThanOrEqual(at.free);
        }
      }),
      RUNS,
    );
  });

  test('does not split an order that one location has', () => {
    fc.assert(
      fc.property(lines, stock, (lines, stock) => {
        const homes = new Set(stock.map(({ locationId }) => locationId));
        const whole = [...homes].filter((home) =>
          lines.every(({ variantId, quantity }) =>
            stock.some((at) => at.locationId === home && at.variantId === variantId && at.free >= quantity),
          ),
        );
        if (whole.length === 0) return;
        const used = new Set(planAllocation(lines, stock)!.map(({ locationId }) => locationId));
        expect(used.size).toBe(1);
        expect(whole).toContain([...used][0]);
      }),
      RUNS,
    );
  });

  test('goes by priority, first for the whole order and then for each line', () => {
    const at = (locationId: string, variantId: string, free: number, priority: number) => ({
      locationId,
      variantId,
      free,
      priority,
    });
    const shelf = [
      at('south', 'a', 9, 2),
      at('south', 'b', 1, 2),
      at('north', 'a', 3, 1),
      at('north', 'b', 0, 1),
    ];
    expect(planAllocation([{ variantId: 'a', quantity: 3 }], shelf)).toEqual([
      { locationId: 'north', variantId: 'a', quantity: 3 },
    ]);
    expect(planAllocation([{ variantId: 'a', quantity: 5 }], shelf)).toEqual([
      { locationId: 'south', variantId: 'a', quantity: 5 },
    ]);
    expect(planAllocation([{ variantId: 'a', quantity: 10 }], shelf)).toEqual([
      { locationId: 'north', variantId: 'a', quantity: 3 },
      { locationId: 'south', variantId: 'a', quantity: 7 },
    ]);
    expect(planAllocation([{ variantId: 'b', quantity: 2 }], shelf)).toBeNull();
  });
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
