import { afterAll, beforeAll, expect, test } from 'vitest';

import { SEED_PRODUCTS, seedCatalog, seedVariantId } from '../../entities/seeds/seed-catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

const TABLES = ['categories', 'products', 'variants', 'stock_levels', 'stock_movements', 'product_listings'];

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
  await seedCatalog(shop.database);
});
afterAll(() => shop.close());

/** A digest of every row of every table. The name of a stock level in the journal is made up anew. */
async function contents(database = shop.database): Promise<unknown> {
  const digests = TABLES.map(
    (table) => `SELECT '${table}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))
    FROM (SELECT to_jsonb(${table}) - 'created_at' - '${table === 'stock_levels' ? 'id' : ''}' AS t FROM ${table}) AS rows`,
  );
  return rows(database.manager, digests.join(' UNION ALL '));
}

test('there are at least sixty published products of two to four variants', async () => {
  const counted = await row<{ products: number; fewest: number; most: number }>(
    shop.database.manager,
    `SELECT count(*) AS products, min(variants) AS fewest, max(variants) AS most
     FROM (SELECT count(*) AS variants FROM variants v JOIN products p ON p.id = v.product_id
           WHERE p.status = 'published' GROUP BY p.id) AS product`,
  );
  expect(counted!.products).toBeGreaterThanOrEqual(60);
  expect([counted!.fewest, counted!.most]).toEqual([2, 4]);
});

test('every name is used once', () => {
  const slugs = SEED_PRODUCTS.map(({ slug }) => slug);
  const skus = SEED_PRODUCTS.flatMap(({ sku, variants }) => variants.map(([suffix]) => `${sku}-${suffix}`));
  expect(new Set(slugs).size).toBe(slugs.length);
  expect(new Set(skus).size).toBe(skus.length);
});

test('a second run adds nothing and changes nothing', async () => {
  const before = await contents();
  expect(await seedCatalog(shop.database)).toEqual({
    categories: 0,
    products: 0,
    variants: 0,
    stockMovements: 0,
    movedPictures: 0,
  });
  expect(await contents()).toEqual(before);
});

test('another database gets the very same rows', async () => {
  const other = await openShopDatabase();
  try {
    await seedCatalog(other.database);
    expect(await contents(other.database)).toEqual(await contents());
  } finally {
    await other.close();
  }
});

test('two runs at once have the effect of one', async () => {
  const other = await openShopDatabase();
  try {
    await Promise.all([seedCatalog(other.database), seedCatalog(other.database)]);
    expect(await contents(other.database)).toEqual(await contents());
  } finally {
    await other.close();
  }
});

test('what was sold, repriced or archived since then stays so', async () => {
  const other = await openShopDatabase();
  try {
    await seedCatalog(other.database);
    const variant = seedVariantId('MOB-GA55-128-NVY');
    await rows(other.database.manager, 'UPDATE stock_levels SET reserved = 2 WHERE variant_id = $1', [
      variant,
    ]);
    await rows(other.database.manager, 'UPDATE variants SET price = 1 WHERE id = $1', [variant]);
    await rows(other.database.manager, `UPDATE products SET status = 'archived' WHERE slug = 'kelidar'`);
    const before = await contents(other.database);
    await seedCatalog(other.database);
    expect(await contents(other.database)).toEqual(before);
  } finally {
    await other.close();
  }
});

test('the pictures follow the address of the shop, but not those that somebody has replaced', async () => {
  const other = await openShopDatabase();
  try {
    await seedCatalog(other.database);
    const pictureOf = async (slug: string) =>
      (await row<{ picture: string }>(
        other.database.manager,
        'SELECT image_urls[1] AS picture FROM products WHERE slug = $1',
        [slug],
      ))!.picture;
    await rows(
      other.database.manager,
      `UPDATE products SET image_urls = '{https://cdn.example/kelidar.webp}' WHERE slug = 'kelidar'`,
    );
    const { movedPictures } = await seedCatalog(other.database, 'https://shop.example');

    expect(movedPictures).toBe(SEED_PRODUCTS.filter(({ images }) => images > 0).length - 1);
    expect(await pictureOf('samsung-galaxy-a55')).toBe(
      'https://shop.example/pictures/samsung-galaxy-a55/1.svg',
    );
    expect(await pictureOf('kelidar')).toBe('https://cdn.example/kelidar.webp');
  } finally {
    await other.close();
  }
});

test('its stock is the sum of its movements', async () => {
  expect(await shop.brokenInvariants()).toEqual([]);
});
