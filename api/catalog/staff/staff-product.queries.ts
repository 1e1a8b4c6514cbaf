import type { EntityManager } from 'typeorm';

import { PRICE_IN_FORCE } from '../../../entities/catalog/price-in-force';
import type { ProductStatus, VariantStatus } from '../../../entities/catalog/product-status';
import { freeUnits } from '../../../entities/inventory/free-units';
import { instant, integer, jsonList, jsonObject, nullable, text, uuid } from '../../../entities/row-shape';
import { row, rows, rowsPlannedAnew, statement } from '../../../entities/sql';
import type { Position } from '../cursor';
import { StatementValues } from '../product-filter';
import type { SearchTerms } from '../search-terms';

/** A product with all that staff may change. */
export interface StaffProductRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly brand: string;
  readonly keywords: string;
  readonly description: string;
  readonly categoryId: string;
  readonly status: ProductStatus;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface StaffVariantRow {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly status: VariantStatus;
  readonly price: number;
  readonly priceNow: number;
  readonly plannedPrices: readonly PlannedPriceRow[];
  readonly available: number;
}

/** Instants in milliseconds since 1970. */
export interface PlannedPriceRow {
  readonly id: string;
  readonly price: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

const READ = statement<StaffProductRow>(
  `SELECT p.id, p.slug, p.title, p.title_en AS "titleEn", p.brand, p.keywords, p.description,
     p.category_id AS "categoryId", p.status, v.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"
   FROM products p JOIN product_versions v ON v.id = p.id WHERE p.id = $1`,
  {
    id: uuid,
    slug: text,
    title: text,
    titleEn: nullable(text),
    brand: text,
    keywords: text,
    description: text,
    categoryId: uuid,
    status: text,
    version: integer,
    createdAt: instant,
    updatedAt: instant,
  },
);

const MILLISECONDS = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

const READ_VARIANTS = statement<StaffVariantRow>(
  `SELECT v.id, v.sku, v.title, v.title_en AS "titleEn", v.status, v.price, ${PRICE_IN_FORCE('v')} AS "priceNow",
     (SELECT coalesce(json_agg(json_build_object('id', p.id, 'price', p.price,
        'startsAt', ${MILLISECONDS('p.starts_at')}, 'endsAt', ${MILLISECONDS('p.ends_at')}) ORDER BY p.starts_at), '[]')
      FROM planned_prices p WHERE p.variant_id = v.id AND p.ends_at > now()) AS "plannedPrices",
     ${freeUnits('v.id')} AS available
   FROM variants v WHERE v.product_id = $1 ORDER BY v.position`,
  {
    id: uuid,
    sku: text,
    title: text,
    titleEn: nullable(text),
    status: text,
    price: integer,
    priceNow: integer,
    plannedPrices: jsonList(
      jsonObject<PlannedPriceRow>({ id: uuid, price: integer, startsAt: integer, endsAt: integer }),
    ),
    available: integer,
  },
);

/** The product with its variants, whatever their status. */
export async function readStaffProduct(
  manager: EntityManager,
  productId: string,
): Promise<{ readonly product: StaffProductRow; readonly variants: readonly StaffVariantRow[] } | undefined> {
  const product = await row(manager, READ, [productId]);
  return product && { product, variants: await rows(manager, READ_VARIANTS, [productId]) };
}

/** A product of a list, with the key by which it was sorted. */
export interface StaffProductSummaryRow extends Pick<
  StaffProductRow,
  'id' | 'slug' | 'title' | 'titleEn' | 'brand' | 'categoryId' | 'status' | 'version' | 'createdAt'
> {
  readonly variants: number;
  /** Milliseconds. It is unique together with the id. */
  readonly key: number;
}

/** Which page of which products. */
export interface StaffProductFilter {
  readonly categoryIds: readonly string[] | undefined;
  readonly status: ProductStatus | undefined;
  readonly search: SearchTerms | undefined;
  readonly limit: number;
  readonly after: Position | undefined;
}

const KEY = MILLISECONDS('s.created_at');

/** The page and one more, the newest first. */
export async function readStaffProducts(
  manager: EntityManager,
  { categoryIds, status, search, limit, after }: StaffProductFilter,
): Promise<StaffProductSummaryRow[]> {
  const values = new StatementValues();
  const conditions = [
    ...(categoryIds ? [`s.category_id = ANY (${values.add(categoryIds)}::uuid[])`] : []),
    ...(status ? [`s.status = ${values.add(status)}`] : []),
    ...(search
      ? [
          `(s.words @@ ${values.add(search.beginning)}::tsquery OR s.product_id = ANY (ARRAY(
            SELECT product_id FROM variants WHERE sku_key = ANY (${values.add(search.skuKeys)}::text[]))))`,
        ]
      : []),
    ...(after
      ? [
          `(s.created_at, s.product_id) < (to_timestamp(${values.add(after.key)}::bigint / 1000.0)::timestamptz(3),
            ${values.add(after.id)}::uuid)`,
        ]
      : []),
  ];
  const list = {
    text: `SELECT p.id, p.slug, p.title, p.title_en AS "titleEn", p.brand, p.category_id AS "categoryId", p.status, v.version,
       p.created_at AS "createdAt", (SELECT count(*) FROM variants WHERE product_id = p.id) AS variants, page.key
     FROM (
       SELECT s.product_id, ${KEY} AS key FROM product_search s
       ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY s.created_at DESC, s.product_id DESC LIMIT ${values.add(limit + 1)}
     ) AS page
       JOIN products p ON p.id = page.product_id
       JOIN product_versions v ON v.id = p.id
     ORDER BY page.key DESC, page.product_id DESC`,
    shape: {
      id: uuid,
      slug: text,
      title: text,
      titleEn: nullable(text),
      brand: text,
      categoryId: uuid,
      status: text,
      version: integer,
      createdAt: instant,
      variants: integer,
      key: integer,
    },
  };
  return rowsPlannedAnew<StaffProductSummaryRow>(manager, list, values.list);
}
