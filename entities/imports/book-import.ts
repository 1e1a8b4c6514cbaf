import { PRODUCT } from '../catalog/catalog.events';
import { recordEventsOfMany } from '../events/record-events-of-many';
import { integer, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { CatalogLine } from './catalog-row';
import {
  planImport,
  type FaultyLine,
  type ImportPlan,
  type PresentCatalog,
  type PresentVariant,
} from './plan-import';

const CATEGORIES = statement<{ id: string; slug: string }>(
  'SELECT id, slug FROM categories WHERE slug = ANY ($1)',
  { id: uuid, slug: text },
);

const PRODUCTS = statement<PresentCatalog['products'][number]>(
  `SELECT id, slug, title, title_en AS "titleEn", brand, keywords, description, category_id AS "categoryId", status
   FROM products WHERE slug = ANY ($1)`,
  {
    ...{ id: uuid, slug: text, title: text, titleEn: nullable(text), brand: text, keywords: text },
    ...{ description: text, categoryId: uuid, status: text },
  },
);

const VARIANTS = statement<PresentVariant>(
  `SELECT id, product_id AS "productId", sku, title, title_en AS "titleEn", price, status, position FROM variants
   WHERE lower(sku) = ANY (SELECT lower(named) FROM unnest($1::varchar[]) AS named)
   UNION
   SELECT id, product_id, sku, title, title_en, price, status, position FROM variants
   WHERE product_id IN (SELECT id FROM products WHERE slug = ANY ($2))`,
  {
    ...{ id: uuid, productId: uuid, sku: text, title: text, titleEn: nullable(text), price: integer },
    ...{ status: text, position: integer },
  },
);

/** Changes of one product follow each other. */
const LOCK = statement(
  `SELECT FROM product_versions v JOIN products p ON p.id = v.id
   WHERE p.slug = ANY ($1) ORDER BY v.id FOR NO KEY UPDATE OF v`,
);

/** A checkout holds variants and wants their products at its end. So variants come first here, too. */
const LOCK_VARIANTS = statement(
  `SELECT FROM variants WHERE product_id IN (SELECT id FROM products WHERE slug = ANY ($1))
   ORDER BY id FOR NO KEY UPDATE`,
);

/** What of these lines could be booked now. Nothing is locked or changed. */
export async function checkLines(
  transaction: Transaction,
  lines: readonly CatalogLine[],
): Promise<readonly FaultyLine[]> {
  return planImport(lines, await readPresent(transaction, lines)).faults;
}

/**
 * Books the lines that can be booked. A repetition finds nothing different, so it changes nothing.
 *
 * @param mayBook judges the faults before anything is written
 * @returns the faults of the other lines
 */
export async function bookLines(
  transaction: Transaction,
  lines: readonly CatalogLine[],
  mayBook: (faults: readonly FaultyLine[]) => boolean = () => true,
): Promise<readonly FaultyLine[]> {
  const slugs = slugsOf(lines);
  await rows(transaction, LOCK, [slugs]);
  await rows(transaction, LOCK_VARIANTS, [slugs]);
  const plan = planImport(lines, await readPresent(transaction, lines));
  if (mayBook(plan.faults)) await write(transaction, plan);
  return plan.faults;
}

async function readPresent(transaction: Transaction, lines: readonly CatalogLine[]): Promise<PresentCatalog> {
  const slugs = slugsOf(lines);
  const named = [...new Set(lines.map(({ row }) => row.category))];
  const categories = await rows(transaction, CATEGORIES, [named]);
  const products = await rows(transaction, PRODUCTS, [slugs]);
  const variants = await rows(transaction, VARIANTS, [lines.map(({ row }) => row.sku), slugs]);
  return { categories, products, variants };
}

function slugsOf(lines: readonly CatalogLine[]): string[] {
  return [...new Set(lines.map(({ row }) => row.product))];
}

const PRODUCT_RECORD = `jsonb_to_recordset($1) AS w(id uuid, slug text, title text, "titleEn" text, brand text, keywords text,
  description text, "categoryId" uuid, status text)`;

const INSERT_PRODUCTS = statement(
  `INSERT INTO products (id, slug, title, title_en, brand, keywords, description, category_id, status)
   SELECT id, slug, title, "titleEn", brand, keywords, description, "categoryId", status FROM ${PRODUCT_RECORD}`,
);

const UPDATE_PRODUCTS = statement(
  `UPDATE products p SET title = w.title, title_en = w."titleEn", brand = w.brand, keywords = w.keywords,
     description = w.description, category_id = w."categoryId", updated_at = now()
   FROM ${PRODUCT_RECORD} WHERE p.id = w.id`,
);

const MOVE_PRODUCTS = statement(
  `UPDATE products p SET status = w.status, updated_at = now()
   FROM jsonb_to_recordset($1) AS w(id uuid, status text) WHERE p.id = w.id`,
);

const INSERT_VARIANTS = statement(
  `INSERT INTO variants (id, product_id, sku, title, title_en, price, position)
   SELECT id, "productId", sku, title, "titleEn", price, position
   FROM jsonb_to_recordset($1) AS w(id uuid, "productId" uuid, sku text, title text, "titleEn" text, price bigint,
     position integer)`,
);

const UPDATE_VARIANTS = statement(
  `UPDATE variants v SET sku = w.sku, title = w.title, title_en = w."titleEn", price = w.price
   FROM jsonb_to_recordset($1) AS w(id uuid, sku text, title text, "titleEn" text, price bigint) WHERE v.id = w.id`,
);

/** No two variants of a product may have one place, not even for a moment. */
const LEAVE_PLACES = statement(
  `UPDATE variants v SET position = -1 - v.position
   FROM jsonb_to_recordset($1) AS w(id uuid) WHERE v.id = w.id`,
);

const TAKE_PLACES = statement(
  `UPDATE variants v SET position = w.position
   FROM jsonb_to_recordset($1) AS w(id uuid, position integer) WHERE v.id = w.id`,
);

/** The search index makes a statement of thousands of products slow, and the statement time-out is short. */
const ITEMS_AT_ONCE = 500;

async function write(transaction: Transaction, plan: ImportPlan): Promise<void> {
  const run = async (written: typeof INSERT_PRODUCTS, items: readonly object[]) => {
    for (let at = 0; at < items.length; at += ITEMS_AT_ONCE)
      await rows(transaction, written, [JSON.stringify(items.slice(at, at + ITEMS_AT_ONCE))]);
  };
  await run(INSERT_PRODUCTS, plan.newProducts);
  await run(INSERT_VARIANTS, plan.newVariants);
  await run(UPDATE_VARIANTS, plan.changedVariants);
  await run(LEAVE_PLACES, plan.places);
  await run(TAKE_PLACES, plan.places);
  await run(UPDATE_PRODUCTS, plan.changedProducts);
  await run(MOVE_PRODUCTS, plan.moves);
  const events = plan.events.map(({ productId: id, ...event }) => ({ id, event }));
  await recordEventsOfMany(transaction, PRODUCT, events);
}
