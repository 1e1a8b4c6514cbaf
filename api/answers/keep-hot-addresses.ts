import type { DataSource } from 'typeorm';

import { addHotAddresses, forgetColdAddresses } from '../../entities/cache/hot-addresses';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { HotAddresses } from './hot-addresses';

const EVERY_MS = 60_000;

/** Adds what was counted since the last time to the rows, in Postgres, because Redis may be what was lost. */
export async function storeHotAddresses(hot: HotAddresses, database: DataSource): Promise<void> {
  const counted = hot.take();
  if (counted.length === 0) return;
  await withTransaction(database, (transaction) => addHotAddresses(transaction, counted));
  await withTransaction(database, forgetColdAddresses);
}

/** Stores the counts each minute. A minute that cannot be stored is lost: the next one says the same. */
export function keepHotAddresses(hot: HotAddresses, database: DataSource, logger: Logger): { close(): void } {
  const timer = setInterval(() => {
    storeHotAddresses(hot, database).catch((error: unknown) =>
      logger.warn({ err: error }, 'the hot addresses of a minute could not be stored'),
    );
  }, EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
