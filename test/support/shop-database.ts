import type { DataSource } from 'typeorm';
import { expect } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { checkInvariants } from '../../entities/invariants/check-invariants';
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
  /** Fails when any law of the shop is broken. */
  expectNoBrokenLaw(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a fresh, empty shop. Its transactions wait for locks as long as it takes, so that a crowd on a slow machine is
 * slow and not refused; deadlocks are still found after a second, and then tried again.
 */
export async function openShopDatabase({ poolSize = 10 }: { poolSize?: number } = {}): Promise<ShopDatabase> {
  const home = await createTestDatabase();
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
  return {
    database,
    url: home.url,
    run: (operation) => withTransaction(database, operation),
    async expectNoBrokenLaw() {
      expect(await withSnapshot(database, { statementTimeoutMs: 20_000 }, checkInvariants)).toEqual([]);
    },
    async close() {
      await database.destroy();
      await home.drop();
    },
  };
}
