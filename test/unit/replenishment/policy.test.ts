import { describe, expect, test } from 'vitest';

import { decide, type Need } from '../../../entities/replenishment/decide';
import { bandOf, type PolicyInputs } from '../../../entities/replenishment/policy';

const INPUTS: PolicyInputs = {
  protectionDays: 10,
  protection: { mean: 20, variance: 30 },
  coverUnits: 42,
  leadSd: 0,
  meanLine: 1,
  costs: null,
};
const NEED: Need = {
  policy: { kind: 'min_max', min: 10, max: 50 },
  inputs: INPUTS,
  position: { onHand: 4, inTransit: 3, onOrder: 2 },
  item: { minimumOrder: 1, pack: 6, unitCost: 1_000 },
  valueLimit: null,
};

describe('the band', () => {
  test('of min_max is what the person says', () => {
    expect(bandOf({ kind: 'min_max', min: 10, max: 50 }, INPUTS)).toEqual({ reorderPoint: 10, upTo: 50 });
  });

  test('of (s,S) has a fixed point and follows the cover', () => {
    const policy = { kind: 's_S', reorderPoint: 15, coverDays: 21 } as const;
    expect(bandOf(policy, INPUTS)).toEqual({ reorderPoint: 15, upTo: 57 });
  });

  test('is wider where ordering is dear', () => {
    const policy = { kind: 's_S', reorderPoint: 15, coverDays: 21 } as const;
    // √(2 · 730 · 100 / 10) = 120.8
    expect(bandOf(policy, { ...INPUTS, costs: { perOrder: 100, holdingPerUnitYear: 10 } }).upTo).toBe(136);
    expect(bandOf(policy, { ...INPUTS, costs: { perOrder: 1e9, holdingPerUnitYear: 1e-9 } }).upTo).toBe(745);
  });

  test('of days_of_cover adds days of the mean', () => {
    expect(bandOf({ kind: 'days_of_cover', safetyDays: 5, coverDays: 21 }, INPUTS)).toEqual({
      reorderPoint: 30,
      upTo: 72,
    });
  });

  test('of a forecast rises with the service, the spread of the lead time and the size of lines', () => {
    const at = (level: number, inputs = INPUTS) =>
      bandOf({ kind: 'forecast', service: { kind: 'cycle', level }, coverDays: 21 }, inputs).reorderPoint;
    expect(at(0.95)).toBe(30);
    expect(at(0.99)).toBeGreaterThan(at(0.95));
    expect(at(0.95, { ...INPUTS, leadSd: 5 })).toBeGreaterThan(at(0.95));
    expect(at(0.95, { ...INPUTS, meanLine: 12 })).toBe(at(0.95) + 12);
  });

  test('of a fill rate needs less stock where each order is large', () => {
    const at = (coverUnits: number) =>
      bandOf(
        { kind: 'forecast', service: { kind: 'fill', level: 0.98 }, coverDays: 21 },
        { ...INPUTS, coverUnits },
      ).reorderPoint;
    expect(at(200)).toBeLessThan(at(10));
  });

  test('of a SKU without demand is empty', () => {
    const inputs = { ...INPUTS, protection: { mean: 0, variance: 0 }, coverUnits: 0 };
    const policy = { kind: 'forecast', service: { kind: 'cycle', level: 0.99 }, coverDays: 21 } as const;
    expect(bandOf(policy, inputs)).toEqual({ reorderPoint: 0, upTo: 0 });
    expect(
      decide({ ...NEED, policy, inputs, position: { onHand: 0, inTransit: 0, onOrder: 0 } }).result,
    ).toEqual({ kind: 'enough' });
  });
});

describe('a decision', () => {
  test('says why', () => {
    expect(decide(NEED)).toEqual({
      policy: NEED.policy,
      inputs: INPUTS,
      band: { reorderPoint: 10, upTo: 50 },
      position: { onHand: 4, inTransit: 3, onOrder: 2, total: 9 },
      result: { kind: 'order', quantity: 42, approval: [] },
    });
  });

  test('counts everything that is on its way', () => {
    expect(decide({ ...NEED, position: { onHand: 0, inTransit: 0, onOrder: 11 } }).result.kind).toBe(
      'enough',
    );
  });

  test.each<[string, Partial<Need>, string[]]>([
    [
      'a minimum order of ten years',
      { item: { minimumOrder: 7_300, pack: 1, unitCost: 1 } },
      ['days_of_demand'],
    ],
    ['a value above the limit', { valueLimit: 41_999 }, ['value']],
    ['a value at the limit', { valueLimit: 42_000 }, []],
    [
      'a limit and no cost',
      { valueLimit: 1, item: { minimumOrder: 1, pack: 1, unitCost: null } },
      ['unknown_cost'],
    ],
  ])('of %s needs approval: %s', (_, changes, approval) => {
    expect(decide({ ...NEED, ...changes }).result).toMatchObject({ kind: 'order', approval });
  });
});
