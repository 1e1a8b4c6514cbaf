import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { openSearchDatabase } from '../../api/catalog/open-catalog-databases';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { PATIENCE } from '../support/patience';
import { lockRows } from '../support/row-lock';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

const BY_SKU = '/products?q=mob-ga55-256-lil';
/** Longer than a test may take: what ends a search earlier is a limit of its own. */
const FOREVER_MS = 600_000;

let shop: ShopDatabase;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  shop = await openShopDatabase({ seeded: true });
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
afterAll(() => shop.close());

async function openWith(searchesAtOnce: number, searchTimeoutMs: number): Promise<Storefront> {
  const { database } = loadConfig(
    { database: DatabaseConfig },
    {
      DATABASE_URL: shop.url,
      DATABASE_LOCK_TIMEOUT_MS: String(FOREVER_MS),
      DATABASE_STATEMENT_TIMEOUT_MS: String(FOREVER_MS),
    },
  );
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const searchDatabase: DataSource = await openSearchDatabase(
    database,
    { searchesAtOnce, searchTimeoutMs },
    schema,
  );
  closers.push(() => searchDatabase.destroy());
  const storefront = await openStorefront(shop.database, {}, { searchDatabase });
  closers.push(() => storefront.close());
  return storefront;
}

/** No search goes on until it is released. Lists do not read this table. */
const holdSearches = () => lockRows(shop.database, 'LOCK TABLE product_search IN ACCESS EXCLUSIVE MODE', []);

test('a search that takes too long is cancelled and answered with 503', async () => {
  const storefront = await openWith(2, 200);
  const lock = await holdSearches();

  const late = await storefront.get<{ code: string }>(BY_SKU);
  await lock.release();

  expect([late.status, late.body.code]).toEqual([503, 'service.unavailable']);
  expect(late.headers.get('retry-after')).not.toBeNull();
});

test('a crowd of searches takes no more connections than it may, and keeps nothing else waiting', async () => {
  const storefront = await openWith(2, FOREVER_MS);
  const lock = await holdSearches();
  const statuses: number[] = [];
  const crowd = Array.from({ length: 20 }, async (_, n) => {
    // Each is another search: those who search for the same wait for one.
    const { status } = await storefront.get(`${BY_SKU}&limit=${n + 1}`);
    statuses.push(status);
  });

  const [first, ...others] = await Promise.all([
    storefront.get('/products'),
    storefront.get('/categories'),
    ...Array.from({ length: 20 }, () => storefront.get('/products?sort=price')),
  ]);
  const used = await row<{ connections: number }>(
    shop.database.manager,
    `SELECT count(*) AS connections FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'asoud-api-search'`,
  );
  // Those that find no free connection are refused while two still wait for the lock.
  await vi.waitFor(() => expect(statuses).toHaveLength(18), PATIENCE);
  await lock.release();
  await Promise.all(crowd);

  expect([first, ...others].map(({ status }) => status)).toEqual(Array.from({ length: 22 }, () => 200));
  expect(used!.connections).toBeLessThanOrEqual(2);
  expect(statuses.filter((status) => status === 503)).toHaveLength(18);
  expect(statuses.filter((status) => status === 200)).toHaveLength(2);
});
