import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildCategory, buildProduct, type BuiltProduct } from '../support/factories/catalog';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

interface Listing {
  readonly categoryId: string;
  readonly priceFrom: number;
  readonly priceTo: number;
  readonly inStock: boolean;
}

function listingOf({ id }: Pick<BuiltProduct, 'id'>): Promise<Listing | undefined> {
  return row<Listing>(
    shop.database.manager,
    `SELECT category_id AS "categoryId", price_from AS "priceFrom", price_to AS "priceTo", in_stock AS "inStock"
     FROM product_listings WHERE product_id = $1`,
    [id],
  );
}

const run = (sql: string, values: readonly unknown[] = []) => rows(shop.database.manager, sql, values);

function reserve(variantId: string, units: number, transaction: Transaction = shop.database.manager) {
  return rows(transaction, 'UPDATE stock_levels SET reserved = reserved + $2 WHERE variant_id = $1', [
    variantId,
    units,
  ]);
}

describe('a product is listed', () => {
  test('with the span of its active prices', async () => {
    const product = await buildProduct(shop.database, {
      variants: [{ price: 300 }, { price: 100 }, { price: 50, status: 'retired' }],
    });
    expect(await listingOf(product)).toMatchObject({ priceFrom: 100, priceTo: 300, inStock: true });
  });

  test.each(['draft', 'archived'] as const)('not while it is %s', async (status) => {
    const product = await buildProduct(shop.database, { status });
    expect(await listingOf(product)).toBeUndefined();
    await run(`UPDATE products SET status = 'published' WHERE id = $1`, [product.id]);
    expect(await listingOf(product)).toBeDefined();
    await run('UPDATE products SET status = $2 WHERE id = $1', [product.id, status]);
    expect(await listingOf(product)).toBeUndefined();
  });

  test('not without an active variant', async () => {
    const product = await buildProduct(shop.database, { variants: [{ status: 'retired' }] });
    expect(await listingOf(product)).toBeUndefined();
    await run(`UPDATE variants SET status = 'active' WHERE product_id = $1`, [product.id]);
    expect(await listingOf(product)).toBeDefined();
    await run(`UPDATE variants SET status = 'retired' WHERE product_id = $1`, [product.id]);
    expect(await listingOf(product)).toBeUndefined();
  });
});

describe('a listing follows', () => {
  test('a new price, a new variant and a removed one', async () => {
    const product = await buildProduct(shop.database, { variants: [{ price: 100, stock: 0 }] });
    await run('UPDATE variants SET price = 120 WHERE product_id = $1', [product.id]);
    expect(await listingOf(product)).toMatchObject({ priceFrom: 120, priceTo: 120 });
    const added = newId();
    await run(
      `INSERT INTO variants (id, product_id, sku, title, price, position) VALUES ($1, $2, $3, 'نو', 90, 9)`,
      [added, product.id, `NEW-${added}`],
    );
    expect(await listingOf(product)).toMatchObject({ priceFrom: 90, priceTo: 120 });
    await run('DELETE FROM variants WHERE id = $1', [added]);
    expect(await listingOf(product)).toMatchObject({ priceFrom: 120, priceTo: 120 });
  });

  test('a variant that moves to another product', async () => {
    const from = await buildProduct(shop.database, { variants: [{ price: 10 }, { price: 20 }] });
    const to = await buildProduct(shop.database, { variants: [{ price: 30 }] });
    await run('UPDATE variants SET product_id = $2, position = 5 WHERE id = $1', [
      from.variants[0]!.id,
      to.id,
    ]);
    expect(await listingOf(from)).toMatchObject({ priceFrom: 20 });
    expect(await listingOf(to)).toMatchObject({ priceFrom: 10, priceTo: 30 });
  });

  test('another category', async () => {
    const product = await buildProduct(shop.database);
    const { id } = await buildCategory(shop.database);
    await run('UPDATE products SET category_id = $2 WHERE id = $1', [product.id, id]);
    expect(await listingOf(product)).toMatchObject({ categoryId: id });
  });

  test('the last unit of the last variant, reserved and released', async () => {
    const product = await buildProduct(shop.database, { variants: [{ stock: 2 }, { stock: 1 }] });
    const [first, second] = product.variants;
    await reserve(first!.id, 2);
    expect(await listingOf(product)).toMatchObject({ inStock: true });
    await reserve(second!.id, 1);
    expect(await listingOf(product)).toMatchObject({ inStock: false });
    await reserve(second!.id, -1);
    expect(await listingOf(product)).toMatchObject({ inStock: true });
  });

  test('only the stock of active variants at locations that sell', async () => {
    const product = await buildProduct(shop.database, {
      variants: [{ stock: 0 }, { stock: 4, status: 'retired' }],
    });
    expect(await listingOf(product)).toMatchObject({ inStock: false });
    const elsewhere = newId();
    await run(`INSERT INTO stock_locations (id, code, title, sells) VALUES ($1, $2, 'انبار دوم', false)`, [
      elsewhere,
      elsewhere,
    ]);
    await run('INSERT INTO stock_levels (variant_id, location_id, on_hand) VALUES ($1, $2, 5)', [
      product.variants[0]!.id,
      elsewhere,
    ]);
    expect(await listingOf(product)).toMatchObject({ inStock: false });
    await run('UPDATE stock_locations SET sells = true WHERE id = $1', [elsewhere]);
    expect(await listingOf(product)).toMatchObject({ inStock: true });
  });
});

test('a change of stock that leaves some does not write the listing', async () => {
  const product = await buildProduct(shop.database, { variants: [{ stock: 5 }] });
  const placeOf = () =>
    row<{ place: string }>(
      shop.database.manager,
      'SELECT ctid::text || xmin::text AS place FROM product_listings WHERE product_id = $1',
      [product.id],
    );
  const before = await placeOf();
  await reserve(product.variants[0]!.id, 3);
  expect(await placeOf()).toEqual(before);
  await reserve(product.variants[0]!.id, 2);
  expect(await placeOf()).not.toEqual(before);
});

describe('two variants of one product that sell out together', () => {
  const sellOut = (variantId: string) => async (transaction: Transaction) => {
    await reserve(variantId, 1, transaction);
  };
  /** The same up to the middle of its commit, when its listing is written. */
  const sellOutAndList = (variantId: string) => async (transaction: Transaction) => {
    await reserve(variantId, 1, transaction);
    await rows(transaction, 'SET CONSTRAINTS ALL IMMEDIATE');
  };
  const build = () => buildProduct(shop.database, { variants: [{ stock: 1 }, { stock: 1 }] });

  test('do not wait for each other before they commit', async () => {
    const product = await build();
    const [first, second] = product.variants;
    const { waited } = await interleave(shop, sellOut(first!.id), sellOut(second!.id));
    expect(waited).toBe(false);
    expect(await listingOf(product)).toMatchObject({ inStock: false });
  });

  test('see each other when they commit at the same moment', async () => {
    const product = await build();
    const [first, second] = product.variants;
    const { waited } = await interleave(shop, sellOutAndList(first!.id), sellOutAndList(second!.id));
    expect(waited).toBe(true);
    expect(await listingOf(product)).toMatchObject({ inStock: false });
  });
});

test('many buyers who buy and send back leave every listing true', async () => {
  const products = await Promise.all(
    Array.from({ length: 4 }, () =>
      buildProduct(shop.database, { variants: [{ stock: 2 }, { stock: 1 }, { stock: 1 }] }),
    ),
  );
  const variants = products.flatMap((product) => product.variants.map(({ id }) => id)).toSorted();
  const buyer = async (number: number) => {
    for (let n = 0; n < 25; n += 1) {
      const wanted = variants.filter((_, index) => (index * 7 + number * 3 + n) % 5 === 0);
      await withTransaction(shop.database, async (transaction) => {
        await rows(
          transaction,
          `WITH locked AS MATERIALIZED (
             SELECT variant_id FROM stock_levels WHERE variant_id = ANY ($1) AND location_id = $2
             ORDER BY variant_id FOR NO KEY UPDATE)
           UPDATE stock_levels l SET reserved = CASE WHEN reserved < on_hand AND $3 THEN reserved + 1 ELSE 0 END
           FROM locked WHERE l.variant_id = locked.variant_id AND l.location_id = $2`,
          [wanted, DEFAULT_LOCATION_ID, (number + n) % 3 !== 0],
        );
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => buyer(number)));
  const broken = (await shop.brokenInvariants()).map(({ invariant }) => invariant);
  expect(broken).not.toContain('listings-tell-the-truth');
});
