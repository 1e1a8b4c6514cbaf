import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { checkInvariants } from '../../entities/invariants/check-invariants';
import { withSnapshot } from '../../platform/snapshot';
import { shelf, type ShelfItem } from './buyer';
import { openShop, type Shop, type ShopOptions } from './shop';

/** The shop of a file of journeys. */
export interface Journey {
  readonly shop: Shop;
  /** An item of the seeded catalogue, a different one each time. */
  takeItem(units?: number): Promise<ShelfItem>;
}

/**
 * Opens one shop for the journeys of a file. After each journey every invariant must hold, whatever is still running, and the
 * gateway's faults and clock are reset.
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
    await shop.sms?.recover();
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

/** Checks every invariant against one instant of the shop. */
export async function expectInvariantsToHold({ database }: Pick<Shop, 'database'>): Promise<void> {
  expect(await withSnapshot(database, { statementTimeoutMs: 10_000 }, checkInvariants)).toEqual([]);
}
