import { setTimeout as delay } from 'node:timers/promises';

import type { Transaction } from '../../entities/sql';
import type { ShopDatabase } from './shop-database';
import { row } from './sql';

/**
 * Runs the first operation up to its commit and starts the second. The first commits once the second waits for one of its
 * locks, or is done without needing one. Rejects with what the first throws.
 *
 * @param meanwhile what to check while the second waits
 */
export async function interleave<First, Second>(
  shop: Pick<ShopDatabase, 'database' | 'run'>,
  first: (transaction: Transaction) => Promise<First>,
  second: (transaction: Transaction) => Promise<Second>,
  meanwhile: () => Promise<void> = async () => {},
): Promise<{ first: First; second: PromiseSettledResult<Second>; waited: boolean }> {
  let outcome: Promise<PromiseSettledResult<Second>> | undefined;
  let waited = false;
  const done = await shop.run(async (transaction) => {
    const result = await first(transaction);
    const running = shop.run(second);
    outcome = Promise.allSettled([running]).then(([settled]) => settled);
    waited = await untilItWaits(shop, outcome);
    await meanwhile();
    return result;
  });
  return { first: done, second: await outcome!, waited };
}

/** True once a connection of this database waits for a lock; false when the other is done before. */
async function untilItWaits(shop: Pick<ShopDatabase, 'database'>, other: Promise<unknown>): Promise<boolean> {
  for (;;) {
    const waiting = await row(
      shop.database.manager,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting) return true;
    const isThrough = await Promise.race([other.then(() => true), delay(5, false)]);
    if (isThrough) return false;
  }
}
