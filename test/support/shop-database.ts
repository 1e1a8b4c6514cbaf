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
import { PATIENCE_MS } from './patience';

/** A database of the shop for one test file, with a pool to it. */
export interface ShopDatabase {
  readonly database: DataSource;
  readonly url: string;
  /** Runs an operation in a transaction of its own. */
  run<Result>(operation: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** The violations of invariants at this moment. Operations never cause one. */
  brokenInvariants(): Promise<Violation[]>;
  /** Throws when any invariant is broken. */
  assertInvariantsHold(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a fresh database, empty or with the example catalogue. Its transactions wait long for locks: on a slow machine a crowd
 * is slow, not refused. Postgres still finds deadlocks after a second, and they are tried again.
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
      DATABASE_LOCK_TIMEOUT_MS: String(PATIENCE_MS),
      DATABASE_STATEMENT_TIMEOUT_MS: String(PATIENCE_MS),
      DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: String(PATIENCE_MS),
    },
  );
  const database = await openPostgres(
    config,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'shop-test',
  );
  const brokenInvariants = () => withSnapshot(database, { statementTimeoutMs: PATIENCE_MS }, checkInvariants);
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
