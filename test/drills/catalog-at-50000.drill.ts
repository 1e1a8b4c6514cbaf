import { describe, expect, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { withTransaction } from '../../platform/transaction';
import { newCartToken } from '../support/factories/carts';
import { row, rows } from '../support/sql';
import { largeCatalogue, SMALL_TABLES } from './large-catalogue';

const PRODUCTS = 50_000;
const catalogue = largeCatalogue(PRODUCTS);

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
    catalogue.database.manager,
    'SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM product_listings) AS listed',
  );
  expect(counted).toEqual({ products: PRODUCTS, listed: PRODUCTS * 0.98 });
});

test('a whole read would be noticed', async () => {
  catalogue.plans.take();
  await rows(catalogue.database.manager, `SELECT count(*) FROM products WHERE description LIKE '%شماره ۷%'`);
  expect(catalogue.plans.take().flatMap(({ readWhole }) => readWhole)).toEqual(['products']);
});

describe('no large table is read from end to end', () => {
  test.each(['newest', 'price', '-price'])(
    'by any list sorted by %s, on its first pages and far down',
    async (sort) => {
      for (const filter of combine(NARROWER, PRICES, STOCK)) {
        const path = `/products?sort=${sort}&limit=24&${filter}`;
        let page = await catalogue.readByIndex(path);
        for (let n = 0; n < 3 && page.nextCursor; n += 1)
          page = await catalogue.readByIndex(`${path}&cursor=${page.nextCursor}`);
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
    ['by the sound of all', 'mdl'],
    ['by a sound said again and again', 'mdl '.repeat(25).trim()],
    ['as a SKU', 'P-777-2'],
  ])('by a search that is matched %s', async (_how, q) => {
    for (const filter of combine(
      ['', 'sort=price', 'sort=newest'],
      ['', 'category=leaf-3'],
      ['', 'inStock=true', PRICES[1]!],
    )) {
      const path = `/products?q=${encodeURIComponent(q)}&${filter}`;
      const page = await catalogue.readByIndex(path);
      if (page.nextCursor) await catalogue.readByIndex(`${path}&cursor=${page.nextCursor}`);
    }
  });

  test('by the page of a product', async () => {
    await catalogue.readByIndex('/products/p-31337');
  });

  test('by a cart', async () => {
    const tokens = Array.from({ length: 4_000 }, newCartToken);
    await rows(
      catalogue.database.manager,
      `WITH cart AS (INSERT INTO carts (id) SELECT unnest($1::uuid[]) RETURNING id)
       INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price)
       SELECT cart.id, v.id, 2, v.price
       FROM cart, (SELECT id, price FROM variants WHERE sku IN ('P-7-1', 'P-70-1', 'P-700-1', 'P-7000-1')) AS v`,
      [tokens.map(cartIdOf)],
    );
    await rows(
      catalogue.database.manager,
      `INSERT INTO cart_recipients (cart_id, name, phone, province, city, postal_code, lines)
       SELECT id, 'Sara', '+989121234567', 'IR-23', '2301', '1416932790', ARRAY['Somewhere'] FROM carts`,
    );
    await rows(catalogue.database.manager, 'ANALYZE carts, cart_lines, cart_recipients');
    await catalogue.readByIndex('/carts/current', { 'X-Cart-Token': tokens[1_234]! });
  });

  test('when the last unit of something is promised', async () => {
    catalogue.plans.take();
    await withTransaction(catalogue.database, async (transaction) => {
      await rows(
        transaction,
        `UPDATE stock_levels SET reserved = on_hand
         WHERE variant_id = (SELECT id FROM variants WHERE sku = 'P-4242-2')`,
      );
    });
    const executed = catalogue.plans.take();
    expect(executed.some(({ statement: sql }) => sql.includes('INSERT INTO product_listings'))).toBe(true);
    const readWhole = executed.flatMap((plan) => plan.readWhole);
    expect(readWhole.filter((table) => !SMALL_TABLES.includes(table))).toEqual([]);
  });
});
