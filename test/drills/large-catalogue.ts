import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, inject } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { countStatements } from '../../platform/statement-count';
import { createTestDatabase } from '../support/database';
import { collectPlans, tellPlans } from '../support/executed-plans';
import { fillCatalogue } from '../support/factories/large-catalogue';
import { openStorefront, type Storefront } from '../support/storefront';
import { statement } from '../support/templates';

/** Tables with a few dozen rows, which Postgres should read whole. */
export const SMALL_TABLES = ['categories', 'stock_locations'];

/** A page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** A catalogue of many products for the tests of one file, and the plans of what is read from it. */
export interface LargeCatalogue {
  readonly database: DataSource;
  readonly plans: ReturnType<typeof collectPlans>;
  /** Reads over HTTP, and fails when a large table was read from end to end or nothing was read at all. */
  readByIndex(path: string, headers?: Record<string, string>): Promise<Page>;
}

export function largeCatalogue(products: number): LargeCatalogue {
  let database: DataSource;
  let storefront: Storefront;
  let plans: ReturnType<typeof collectPlans>;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const home = await createTestDatabase();
    closers.push(() => home.drop());
    const filling = await openDatabase(home.url, 120_000);
    await fillCatalogue(filling, products);
    await filling.destroy();
    for (const setting of tellPlans(new URL(home.url).pathname.slice(1)))
      await statement(inject('stack').postgresUrl, setting);
    database = await openDatabase(home.url, 60_000);
    closers.push(() => database.destroy());
    plans = collectPlans(database);
    storefront = await openStorefront(database);
    closers.push(() => storefront.close());
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });

  return {
    get database() {
      return database;
    },
    get plans() {
      return plans;
    },
    async readByIndex(path, headers = {}) {
      plans.take();
      const { result, statements } = await countStatements(database, () =>
        storefront.get<Page>(path, headers),
      );
      expect([path, result.status]).toEqual([path, 200]);
      expect(statements.length).toBeLessThanOrEqual(3);
      const executed = plans.take();
      expect(executed.length).toBeGreaterThan(0);
      for (const { statement: sql, readWhole, nodes } of executed) {
        const large = readWhole.filter((table) => !SMALL_TABLES.includes(table));
        expect(large, `${path}\n${sql}\n${nodes.join('\n')}`).toEqual([]);
      }
      return result.body;
    },
  };
}

function openDatabase(url: string, statementTimeoutMs: number): Promise<DataSource> {
  const { database } = loadConfig(
    { database: DatabaseConfig },
    { DATABASE_URL: url, DATABASE_STATEMENT_TIMEOUT_MS: String(statementTimeoutMs) },
  );
  return openPostgres(database, { entities: SHOP_ENTITIES, migrations: MIGRATIONS }, 'large-catalogue');
}
