import type { DataSource } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { checkInvariants, type Violation } from '../../entities/invariants/check-invariants';
import type { Transaction } from '../../entities/sql';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { withSnapshot } from '../../platform/snapshot';
import { withTransaction } from '../../platform/transaction';
import { createTestDatabase } from './database';

/** A database of the shop that belongs to one test file, with a pool to it. */
export interface ShopDatabase {
  readonly database: DataSource;
  readonly url: string;
  /** Runs an operation in a transaction of its own. */
  run<Result>(operation: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Every invariant of the shop that is broken now: none, whatever was done through its operations. */
  brokenInvariants(): Promise<Violation[]>;
  /** Throws when any invariant is broken. */
  assertInvariantsHold(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a fresh shop, empty or with the example catalogue. Its transactions wait for locks as long as it takes, so that a crowd on a slow machine is
 * slow and not refused; deadlocks are still found after a second, and then tried again.
 */
export async function openShopDatabase({
  poolSize = 10,
  seeded = false,
}: { poolSize?: number; seeded?: boolean } = {}): Promise<ShopDatabase> {
  const home = await createTestDatabase({ seeded });
  const { database: config } = loadConfig(
    { database: DatabaseConfig },
    {
      DATABASE_URL: home.url,
      DATABASE_POOL_SIZE: String(poolSize),
      DATABASE_LOCK_TIMEOUT_MS: '25000',
      DATABASE_STATEMENT_TIMEOUT_MS: '25000',
      DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '25000',
    },
  );
  const database = await openPostgres(
    config,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'shop-test',
  );
  const brokenInvariants = () => withSnapshot(database, { statementTimeoutMs: 20_000 }, checkInvariants);
  return {
    database,
    url: home.url,
    run: (operation) => withTransaction(database, operation),
    brokenInvariants,
    async assertInvariantsHold() {
      const violations = await brokenInvariants();
      if (violations.length > 0)
        throw new Error(`Broken invariants: ${JSON.stringify(violations, undefined, 2)}`);
    },
    async close() {
      await database.destroy();
      await home.drop();
    },
  };
}
