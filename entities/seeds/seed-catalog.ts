import type { DataSource } from 'typeorm';

import { bookStockMany } from '../inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../inventory/stock-location';
import { row, rows, type Transaction } from '../sql';
import { derivedId } from '../values/uuid';
import { SEED_CATEGORIES, type SeedCategory } from './categories';
import { BEAUTY_AND_SPORT_PRODUCTS } from './products/beauty-sport';
import { BOOK_PRODUCTS } from './products/books';
import { DIGITAL_PRODUCTS } from './products/digital';
import { FASHION_PRODUCTS } from './products/fashion';
import { FOOD_PRODUCTS } from './products/food';
import { HOME_PRODUCTS } from './products/home';
import type { SeedProduct } from './seed-product';

/** Every product of the example catalogue, the first the oldest. */
export const SEED_PRODUCTS: readonly SeedProduct[] = [
  ...DIGITAL_PRODUCTS,
  ...HOME_PRODUCTS,
  ...FASHION_PRODUCTS,
  ...FOOD_PRODUCTS,
  ...BOOK_PRODUCTS,
  ...BEAUTY_AND_SPORT_PRODUCTS,
];

const FIRST_CREATED_AT = Date.UTC(2026, 0, 3, 5, 30);
const HOURS_APART = 17;

/** What a run of the seed added; all 0 when everything was there. */
export interface Seeded {
  readonly categories: number;
  readonly products: number;
  readonly variants: number;
  readonly stockMovements: number;
}

/**
 * Puts the example catalogue into the database, in one transaction. Deterministic: the same ids, prices and times
 * everywhere. Repeating it adds what is missing and changes nothing that is there: neither a price that somebody edited
 * nor stock that was sold meanwhile.
 */
export async function seedCatalog(database: DataSource): Promise<Seeded> {
  return database.transaction(async (transaction) => ({
    categories: await insertCategories(transaction),
    products: await insertProducts(transaction),
    variants: await insertVariants(transaction),
    stockMovements: await bookFirstStock(transaction),
  }));
}

/** The id of a seeded category. */
export function seedCategoryId(slug: string): string {
  return derivedId('seed', 'category', slug);
}

/** The id of a seeded product. */
export function seedProductId(slug: string): string {
  return derivedId('seed', 'product', slug);
}

/** The id of a seeded variant, by its whole SKU such as `MOB-GA55-128-NVY`. */
export function seedVariantId(sku: string): string {
  return derivedId('seed', 'variant', sku);
}

async function insertCategories(transaction: Transaction): Promise<number> {
  const flatten = (categories: readonly SeedCategory[], parent: string | null): object[] =>
    categories.flatMap(({ slug, title, children = [] }, position) => {
      const id = seedCategoryId(slug);
      return [{ id, slug, title, parent_id: parent, position }, ...flatten(children, id)];
    });
  return insertMissing(
    transaction,
    `INSERT INTO categories (id, slug, title, parent_id, position)
     SELECT id, slug, title, parent_id, position FROM jsonb_populate_recordset(null::categories, $1::jsonb)
     ON CONFLICT DO NOTHING RETURNING 1`,
    flatten(SEED_CATEGORIES, null),
  );
}

async function insertProducts(transaction: Transaction): Promise<number> {
  const products = SEED_PRODUCTS.map((product, place) => {
    const { slug, title, description, brand, keywords, images, status = 'published' } = product;
    const createdAt = new Date(FIRST_CREATED_AT + place * HOURS_APART * 3_600_000).toISOString();
    return {
      ...{ id: seedProductId(slug), slug, title, description, brand, keywords, status },
      category_id: seedCategoryId(product.category),
      image_urls: Array.from({ length: images }, (_, n) => imageUrl(slug, n + 1)),
      created_at: createdAt,
      updated_at: createdAt,
    };
  });
  return insertMissing(
    transaction,
    `INSERT INTO products (id, slug, title, description, brand, keywords, category_id, status, image_urls, created_at, updated_at)
     SELECT s.id, s.slug, s.title, s.description, s.brand, s.keywords, s.category_id, s.status, s.image_urls,
       s.created_at, s.updated_at
     FROM jsonb_to_recordset($1::jsonb) AS s(id uuid, slug text, title text, description text, brand text,
       keywords text, category_id uuid, status text, image_urls text[], created_at timestamptz, updated_at timestamptz)
     WHERE EXISTS (SELECT 1 FROM categories c WHERE c.id = s.category_id)
     ON CONFLICT DO NOTHING RETURNING 1`,
    products,
  );
}

async function insertVariants(transaction: Transaction): Promise<number> {
  const variants = SEED_PRODUCTS.flatMap((product, place) =>
    product.variants.map(([suffix, title, price], position) => {
      const sku = `${product.sku}-${suffix}`;
      return {
        ...{ id: seedVariantId(sku), product_id: seedProductId(product.slug), sku, title, price, position },
        created_at: new Date(FIRST_CREATED_AT + place * HOURS_APART * 3_600_000).toISOString(),
      };
    }),
  );
  return insertMissing(
    transaction,
    `INSERT INTO variants (id, product_id, sku, title, price, position, created_at)
     SELECT s.id, s.product_id, s.sku, s.title, s.price, s.position, s.created_at
     FROM jsonb_populate_recordset(null::variants, $1::jsonb) s
     WHERE EXISTS (SELECT 1 FROM products p WHERE p.id = s.product_id)
     ON CONFLICT DO NOTHING RETURNING 1`,
    variants,
  );
}

/** An initial movement is booked once per variant, so a second run finds it and leaves the level alone. */
async function bookFirstStock(transaction: Transaction): Promise<number> {
  const known = await row<{ ids: string[] }>(
    transaction,
    'SELECT coalesce(array_agg(id), ARRAY[]::uuid[]) AS ids FROM variants WHERE id = ANY ($1::uuid[])',
    [
      SEED_PRODUCTS.flatMap(({ sku, variants }) =>
        variants.map(([suffix]) => seedVariantId(`${sku}-${suffix}`)),
      ),
    ],
  );
  const ids = new Set(known?.ids);
  const bookings = SEED_PRODUCTS.flatMap(({ sku, variants }) =>
    variants
      .map(([suffix, , , delta]) => ({ variantId: seedVariantId(`${sku}-${suffix}`), delta }))
      .filter(({ variantId, delta }) => delta > 0 && ids.has(variantId)),
  );
  return bookStockMany(
    transaction,
    bookings.map((booking) => ({
      ...booking,
      locationId: DEFAULT_LOCATION_ID,
      reason: 'initial',
      ref: 'seed',
    })),
  );
}

async function insertMissing(
  transaction: Transaction,
  statement: string,
  records: object[],
): Promise<number> {
  return (await rows(transaction, statement, [JSON.stringify(records)])).length;
}

/** On a domain that is reserved for examples: pictures are the shop's own business. */
function imageUrl(slug: string, number: number): string {
  return `https://images.example.com/asoud/${slug}/${number}.webp`;
}
