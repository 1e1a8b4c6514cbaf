import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { cartIdOf, newCartToken } from '../../entities/carts/cart-token';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { countStatements } from '../../platform/statement-count';
import { withTransaction } from '../../platform/transaction';
import { createTestDatabase } from '../support/database';
import { collectPlans, tellPlans } from '../support/executed-plans';
import { fillCatalogue, PRODUCTS } from '../support/factories/large-catalogue';
import { row, rows } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';
import { statement } from '../support/templates';

/** Some dozens of rows: reading all of them is how Postgres should read them. */
const SMALL_TABLES = ['categories', 'stock_locations'];

let database: DataSource;
let storefront: Storefront;
let plans: ReturnType<typeof collectPlans>;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const home = await createTestDatabase();
  closers.push(() => home.drop());
  const open = async (statementTimeoutMs: number) => {
    const environment = { DATABASE_URL: home.url, DATABASE_STATEMENT_TIMEOUT_MS: String(statementTimeoutMs) };
    const { database: config } = loadConfig({ database: DatabaseConfig }, environment);
    return openPostgres(config, { entities: SHOP_ENTITIES, migrations: MIGRATIONS }, 'catalog-at-50000');
  };
  const filling = await open(120_000);
  await fillCatalogue(filling);
  await filling.destroy();
  for (const setting of tellPlans(new URL(home.url).pathname.slice(1)))
    await statement(inject('stack').postgresUrl, setting);
  database = await open(5_000);
  closers.push(() => database.destroy());
  plans = collectPlans(database);
  storefront = await openStorefront(database);
  closers.push(() => storefront.close());
}, 180_000);

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** Reads, and fails when a large table was read from end to end or nothing was read at all. */
async function readByIndex(path: string, headers: Record<string, string> = {}) {
  plans.take();
  const { result, statements } = await countStatements(database, () =>
    storefront.get<{ items: unknown[]; nextCursor: string | null }>(path, headers),
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
}

const NARROWER = ['', 'category=root-1', 'category=leaf-3', 'category=rare'];
const PRICES = ['', 'minPrice=40000000&maxPrice=41000000', 'minPrice=5000000'];
const STOCK = ['', 'inStock=true'];

function combine(...choices: readonly (readonly string[])[]): string[] {
  return choices.reduce<string[]>(
    (made, options) =>
      made.flatMap((start) => options.map((option) => [start, option].filter(Boolean).join('&'))),
    [''],
  );
}

test(`the catalogue holds ${PRODUCTS} products`, async () => {
  const counted = await row<{ products: number; listed: number }>(
    database.manager,
    'SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM product_listings) AS listed',
  );
  expect(counted).toEqual({ products: PRODUCTS, listed: PRODUCTS * 0.98 });
});

test('a whole read would be noticed', async () => {
  plans.take();
  await rows(database.manager, `SELECT count(*) FROM products WHERE description LIKE '%شماره ۷%'`);
  expect(plans.take().flatMap(({ readWhole }) => readWhole)).toEqual(['products']);
});

describe('no large table is read from end to end', () => {
  test.each(['newest', 'price', '-price'])(
    'by any list sorted by %s, on its first pages and far down',
    async (sort) => {
      for (const filter of combine(NARROWER, PRICES, STOCK)) {
        const path = `/products?sort=${sort}&limit=24&${filter}`;
        let page = await readByIndex(path);
        for (let n = 0; n < 3 && page.nextCursor; n += 1)
          page = await readByIndex(`${path}&cursor=${page.nextCursor}`);
      }
    },
  );

  test.each([
    ['by one product', 'گوشی سامسونگ P-40007-1'],
    ['by hundreds', 'گوشی سامسونگ'],
    ['by thousands', 'گوشی'],
    ['by all', 'کالا'],
    ['by all, with a beginning of two letters', 'مد'],
    ['by a few digits', '123'],
    ['by nothing', 'گوشی عسل'],
    ['by their sound', 'گوشس سامسونق'],
    ['by the sound of a brand', 'samsong'],
    ['as a SKU', 'P-777-2'],
  ])('by a search that is matched %s', async (_how, q) => {
    for (const filter of combine(
      ['', 'sort=price', 'sort=newest'],
      ['', 'category=leaf-3'],
      ['', 'inStock=true', PRICES[1]!],
    )) {
      const path = `/products?q=${encodeURIComponent(q)}&${filter}`;
      const page = await readByIndex(path);
      if (page.nextCursor) await readByIndex(`${path}&cursor=${page.nextCursor}`);
    }
  });

  test('by the page of a product', async () => {
    await readByIndex('/products/p-31337');
  });

  test('by a cart', async () => {
    const tokens = Array.from({ length: 4_000 }, newCartToken);
    await rows(
      database.manager,
      `WITH cart AS (INSERT INTO carts (id) SELECT unnest($1::uuid[]) RETURNING id)
       INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price)
       SELECT cart.id, v.id, 2, v.price
       FROM cart, (SELECT id, price FROM variants WHERE sku IN ('P-7-1', 'P-70-1', 'P-700-1', 'P-7000-1')) AS v`,
      [tokens.map(cartIdOf)],
    );
    await rows(database.manager, 'ANALYZE carts, cart_lines');
    await readByIndex('/carts/current', { 'X-Cart-Token': tokens[1_234]! });
  });

  test('when the last unit of something is promised', async () => {
    plans.take();
    await withTransaction(database, async (transaction) => {
      await rows(
        transaction,
        `UPDATE stock_levels SET reserved = on_hand
         WHERE variant_id = (SELECT id FROM variants WHERE sku = 'P-4242-2')`,
      );
    });
    const executed = plans.take();
    expect(executed.some(({ statement: sql }) => sql.includes('INSERT INTO product_listings'))).toBe(true);
    expect(executed.flatMap(({ readWhole }) => readWhole)).toEqual([]);
  });
});
