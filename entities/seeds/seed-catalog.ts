import type { DataSource, EntityTarget, QueryDeepPartialEntity } from 'typeorm';

import { Category } from '../catalog/category';
import { Product } from '../catalog/product';
import { Variant } from '../catalog/variant';
import { bookStockMany } from '../inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../inventory/stock-location';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
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

/** How many rows a run of the seed added. */
export interface Seeded {
  readonly categories: number;
  readonly products: number;
  readonly variants: number;
  readonly stockMovements: number;
  /** Products whose pictures now come from another address. */
  readonly movedPictures: number;
}

/**
 * Puts the example catalogue into the database, in one transaction. Ids, prices and times are the same everywhere. A
 * repetition adds what is missing and changes nothing else: no edited price, no stock that was sold. Only the address of the
 * pictures follows that of the shop, because the shop serves them.
 *
 * @param publicUrl where the API is reached from outside
 */
export async function seedCatalog(
  database: DataSource,
  publicUrl = 'http://127.0.0.1:3000',
): Promise<Seeded> {
  return database.transaction(async (transaction) => ({
    categories: await insertCategories(transaction),
    products: await insertProducts(transaction, publicUrl),
    variants: await insertVariants(transaction),
    stockMovements: await bookFirstStock(transaction),
    movedPictures: await movePictures(transaction, publicUrl),
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
  const flatten = (categories: readonly SeedCategory[], parentId: string | null): Partial<Category>[] =>
    categories.flatMap(({ slug, title, children = [] }, position) => {
      const id = seedCategoryId(slug);
      return [{ id, slug, title, parentId, position }, ...flatten(children, id)];
    });
  return insertMissing(transaction, Category, flatten(SEED_CATEGORIES, null));
}

async function insertProducts(transaction: Transaction, publicUrl: string): Promise<number> {
  const products = SEED_PRODUCTS.map((product, place) => {
    const { slug, title, description, brand, keywords, images, status = 'published' as const } = product;
    const createdAt = createdAtOf(place);
    return {
      ...{ id: seedProductId(slug), slug, title, description, brand, keywords, status },
      categoryId: seedCategoryId(product.category),
      imageUrls: imageUrls(publicUrl, { slug, images }),
      createdAt,
      updatedAt: createdAt,
    };
  });
  const categories = await existing(
    transaction,
    Category,
    products.map(({ categoryId }) => categoryId),
  );
  return insertMissing(
    transaction,
    Product,
    products.filter(({ categoryId }) => categories.has(categoryId)),
  );
}

async function insertVariants(transaction: Transaction): Promise<number> {
  const variants = SEED_PRODUCTS.flatMap((product, place) =>
    product.variants.map(([suffix, title, price], position) => {
      const sku = `${product.sku}-${suffix}`;
      return {
        ...{ id: seedVariantId(sku), productId: seedProductId(product.slug), sku, title, price, position },
        createdAt: createdAtOf(place),
      };
    }),
  );
  const products = await existing(
    transaction,
    Product,
    variants.map(({ productId }) => productId),
  );
  return insertMissing(
    transaction,
    Variant,
    variants.filter(({ productId }) => products.has(productId)),
  );
}

/** An initial movement is booked once per variant, so a second run finds it and leaves the level as it is. */
async function bookFirstStock(transaction: Transaction): Promise<number> {
  const bookings = SEED_PRODUCTS.flatMap(({ sku, variants }) =>
    variants.map(([suffix, , , delta]) => ({ variantId: seedVariantId(`${sku}-${suffix}`), delta })),
  ).filter(({ delta }) => delta > 0);
  const variants = await existing(
    transaction,
    Variant,
    bookings.map(({ variantId }) => variantId),
  );
  return bookStockMany(
    transaction,
    bookings
      .filter(({ variantId }) => variants.has(variantId))
      .map((booking) => ({ ...booking, locationId: DEFAULT_LOCATION_ID, reason: 'initial', ref: 'seed' })),
  );
}

/** A table that the seed fills. */
type SeedTable = Category | Product | Variant;

/** Those of the ids that are there. A row of the seed is missing where its slug or SKU is used by another row. */
async function existing<Row extends SeedTable>(
  transaction: Transaction,
  table: EntityTarget<Row>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await transaction
    .createQueryBuilder(table, 'row')
    .select('row.id', 'id')
    .where('row.id = ANY (:ids)', { ids })
    .getRawMany<{ id: string }>();
  return new Set(found.map(({ id }) => id));
}

/** Inserts the rows that are not there, in one statement. Returns how many those were. */
async function insertMissing<Row extends SeedTable>(
  transaction: Transaction,
  table: EntityTarget<Row>,
  records: QueryDeepPartialEntity<Row>[],
): Promise<number> {
  const inserted = await transaction
    .createQueryBuilder()
    .insert()
    .into(table)
    .values(records)
    .orIgnore()
    .returning('id')
    .execute();
  return (inserted.raw as unknown[]).length;
}

function createdAtOf(place: number): Date {
  return new Date(FIRST_CREATED_AT + place * HOURS_APART * 3_600_000);
}

const MOVE_PICTURES = statement<{ id: string }>(
  `UPDATE products p SET image_urls = w.image_urls
   FROM jsonb_to_recordset($1) AS w(id uuid, slug text, image_urls text[])
   WHERE p.id = w.id AND p.image_urls <> w.image_urls
     AND p.image_urls[1] ~ ('/' || w.slug || '/1[.](svg|webp)$')
   RETURNING p.id`,
  { id: uuid },
);

/** Pictures that somebody has replaced have other names and stay. */
async function movePictures(transaction: Transaction, publicUrl: string): Promise<number> {
  const wanted = SEED_PRODUCTS.filter(({ images }) => images > 0).map((product) => ({
    id: seedProductId(product.slug),
    slug: product.slug,
    image_urls: imageUrls(publicUrl, product),
  }));
  const moved = await rows(transaction, MOVE_PICTURES, [JSON.stringify(wanted)]);
  return moved.length;
}

/** `api/pictures` draws them. */
function imageUrls(publicUrl: string, { slug, images }: Pick<SeedProduct, 'slug' | 'images'>): string[] {
  return Array.from(
    { length: images },
    (_, at) => new URL(`/pictures/${slug}/${at + 1}.svg`, publicUrl).href,
  );
}
