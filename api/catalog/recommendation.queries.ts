import type { EntityManager } from 'typeorm';

import type { RecommendationKind } from '../../entities/recommendations/product-recommendation';
import { array, text, uuid } from '../../entities/row-shape';
import { row, rows, statement } from '../../entities/sql';
import { PRODUCT_COLUMNS, PRODUCT_ROW, PRODUCT_TABLES, type ProductRow } from './product-list.queries';

/** A listed product to show beside another one. */
export interface RecommendedRow extends ProductRow {
  readonly kind: RecommendationKind;
}

/** What can be bought comes first. What is not listed any more is left out. */
const READ = statement<RecommendedRow>(
  `SELECT page.kind, ${PRODUCT_COLUMNS}
   FROM (
     SELECT l.*, r.kind, row_number() OVER (PARTITION BY r.kind ORDER BY l.in_stock DESC, r.rank) AS key
     FROM product_recommendations r JOIN product_listings l ON l.product_id = r.other_id
     WHERE r.product_id = $1
   ) AS page
       ${PRODUCT_TABLES}
   WHERE page.key <= $2
   ORDER BY page.kind, page.key`,
  { ...PRODUCT_ROW, kind: text },
);

/** Products to show beside one, at most so many of each kind. */
export function readRecommendations(
  manager: EntityManager,
  productId: string,
  atMost: number,
): Promise<RecommendedRow[]> {
  return rows(manager, READ, [productId, atMost]);
}

/** SQL: all products that may be shown beside `p`, listed or not. */
export const RECOMMENDED_IDS = `ARRAY(SELECT DISTINCT r.other_id FROM product_recommendations r WHERE r.product_id = p.id)
  AS "recommendedIds"`;

/** A listed product, and all that may be shown beside it. */
export interface Recommending {
  readonly id: string;
  readonly recommendedIds: readonly string[];
}

const FIND = statement<Recommending>(
  `SELECT p.id, ${RECOMMENDED_IDS} FROM products p JOIN product_listings l ON l.product_id = p.id
   WHERE p.slug = $1 AND p.status = 'published'`,
  { id: uuid, recommendedIds: array(uuid) },
);

/** The listed product with this slug. */
export async function findRecommending(
  manager: EntityManager,
  slug: string,
): Promise<Recommending | undefined> {
  return row(manager, FIND, [slug]);
}
