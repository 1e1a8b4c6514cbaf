import type { EntityManager } from 'typeorm';

import { mainPicture } from '../../entities/pictures/read-pictures';
import { boolean, instant, integer, nullable, text, uuid, type RowShape } from '../../entities/row-shape';
import { rowsPlannedAnew } from '../../entities/sql';
import type { ProductSort } from './catalog.input';
import { LISTED_PRICES, PRESENT_PRICES } from './listed-prices';
import { listingConditions, StatementValues, type ProductFilter } from './product-filter';

/** A product of a list, with the key by which it was sorted. */
export interface ProductRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly brand: string;
  /** A key of the store, or an address. */
  readonly imageUrl: string | null;
  readonly categorySlug: string;
  readonly categoryTitle: string;
  readonly categoryTitleEn: string | null;
  readonly priceFrom: number;
  readonly priceTo: number;
  readonly inStock: boolean;
  /** When one of its prices changes next by plan. */
  readonly pricedUntil: Date | null;
  /** Milliseconds, rials or a score. It is unique together with the id. */
  readonly key: number;
}

/** The columns of a list, from `page`, which has the columns of `product_listings` and a `key`. */
export const PRODUCT_COLUMNS = `p.id, p.slug, p.title, p.title_en AS "titleEn", p.brand, ${mainPicture('p')} AS "imageUrl", c.slug AS "categorySlug",
  c.title AS "categoryTitle", c.title_en AS "categoryTitleEn", ${LISTED_PRICES('page')}, page.in_stock AS "inStock",
  page.key`;

/** The tables of {@link PRODUCT_COLUMNS} beside `page`. */
export const PRODUCT_TABLES = `JOIN products p ON p.id = page.product_id
       JOIN categories c ON c.id = page.category_id
       ${PRESENT_PRICES('page')}`;

/** The columns of a listed product that every read of it returns. */
export const LISTED_PRODUCT: RowShape<Omit<ProductRow, 'key'>> = {
  id: uuid,
  slug: text,
  title: text,
  titleEn: nullable(text),
  brand: text,
  imageUrl: nullable(text),
  categorySlug: text,
  categoryTitle: text,
  categoryTitleEn: nullable(text),
  priceFrom: integer,
  priceTo: integer,
  inStock: boolean,
  pricedUntil: nullable(instant),
};

/** The result of {@link PRODUCT_COLUMNS}. */
export const PRODUCT_ROW: RowShape<ProductRow> = { ...LISTED_PRODUCT, key: integer };

interface Order {
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
  /** The column as an integer, for the cursor. */
  readonly key: string;
  /** A number of the cursor as a value of the column. */
  readonly read: (placeholder: string) => string;
}

const ORDERS: Readonly<Record<Exclude<ProductSort, 'best'>, Order>> = {
  newest: {
    column: 'l.listed_at',
    direction: 'DESC',
    key: '(extract(epoch FROM l.listed_at) * 1000)::bigint',
    read: (placeholder) => `to_timestamp(${placeholder}::bigint / 1000.0)::timestamptz(3)`,
  },
  price: { column: 'l.price_from', direction: 'ASC', key: 'l.price_from', read: (it) => `${it}::bigint` },
  '-price': { column: 'l.price_from', direction: 'DESC', key: 'l.price_from', read: (it) => `${it}::bigint` },
};

/** The order of a sort that needs no search. */
export function orderOf(sort: Exclude<ProductSort, 'best'>): Order {
  return ORDERS[sort];
}

/**
 * The page and one more, in one statement that walks an index from the cursor on. The narrow listings are filtered and
 * limited before the wide products are read.
 */
export async function readProducts(
  manager: EntityManager,
  filter: ProductFilter & { readonly sort: Exclude<ProductSort, 'best'> },
): Promise<ProductRow[]> {
  const { column, direction, key, read } = orderOf(filter.sort);
  const values = new StatementValues();
  const conditions = listingConditions(filter, values);
  if (filter.after) {
    const beyond = direction === 'ASC' ? '>' : '<';
    const from = `(${read(values.add(filter.after.key))}, ${values.add(filter.after.id)}::uuid)`;
    conditions.push(`(${column}, l.product_id) ${beyond} ${from}`);
  }
  const statement = {
    text: `SELECT ${PRODUCT_COLUMNS}
     FROM (
       SELECT l.*, ${key} AS key FROM product_listings l
       ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY ${column} ${direction}, l.product_id ${direction}
       LIMIT ${values.add(filter.limit + 1)}
     ) AS page
       ${PRODUCT_TABLES}
     ORDER BY page.key ${direction}, page.product_id ${direction}`,
    shape: PRODUCT_ROW,
  };
  return rowsPlannedAnew(manager, statement, values.list);
}
