import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { checkInvariants } from '../../entities/invariants/check-invariants';
import { withSnapshot } from '../../platform/snapshot';
import { shelf, type ShelfItem } from './buyer';
import { openShop, type Shop, type ShopOptions } from './shop';

/** The shop of a file of journeys. */
export interface Journey {
  readonly shop: Shop;
  /** An item of the seeded catalogue, each time another one. */
  takeItem(units?: number): Promise<ShelfItem>;
}

/**
 * Opens one shop for the journeys of a file. Between them the gateway forgets its faults and its clock, and after each
 * of them no invariant may be broken, whatever is still going on.
 */
export function journeyShop(options: ShopOptions = {}): Journey {
  let shop: Shop;
  let takeItem: Journey['takeItem'];
  beforeAll(async () => {
    shop = await openShop(options);
    takeItem = shelf(shop);
  });
  afterEach(async () => {
    await shop.zarinpal.clearFaults();
    await shop.zarinpal.clearCallbackRules();
    await shop.zarinpal.switches.reset();
    await shop.zarinpal.clock.reset();
    await expectInvariantsToHold(shop);
  });
  afterAll(() => shop?.close());
  return {
    get shop() {
      return shop;
    },
    takeItem: (units) => takeItem(units),
  };
}

/** Holds every invariant against one instant of the shop. */
export async function expectInvariantsToHold({ database }: Pick<Shop, 'database'>): Promise<void> {
  expect(await withSnapshot(database, { statementTimeoutMs: 10_000 }, checkInvariants)).toEqual([]);
}
