import { nullable, uuid } from '../row-shape';
import { row, rows, rowsPlannedAnew, statement, type Transaction } from '../sql';
import { endChangedAnswers, RECOMMENDED, recommendedOf, type Recommended } from './changed-recommendations';
import { lockRecommendations } from './lock-recommendations';
import { RECOMMENDATIONS_AT_MOST } from './product-recommendation';

/** The products of one transaction: those after an id, in the order of ids. */
export interface RecommendSimilar {
  /** Null: from the first product on. */
  readonly after: string | null;
  readonly products: number;
}

/** What one transaction did. */
export interface RecommendedSimilar {
  /** The last product that it has dealt with; null when it reached the end. */
  readonly last: string | null;
  readonly stored: number;
}

const READ_LAST = statement<{ last: string | null }>(
  `SELECT (SELECT product_id FROM product_listings
     WHERE $1::uuid IS NULL OR product_id > $1 ORDER BY product_id OFFSET $2 - 1 LIMIT 1) AS last`,
  { last: nullable(uuid) },
);

const IN_RANGE = '($1::uuid IS NULL OR product_id > $1) AND ($2::uuid IS NULL OR product_id <= $2)';

const FORGET = statement<Recommended>(
  `WITH gone AS (
     DELETE FROM product_recommendations WHERE kind = 'similar' AND ${IN_RANGE} RETURNING product_id, rank, other_id
   ) ${recommendedOf('gone')}`,
  RECOMMENDED,
);

/** The siblings that are searched besides the product's own category, and the candidates of each on either side of the price. */
const SIBLINGS_AT_MOST = 8;
const FROM_OWN = 40;
const FROM_SIBLING = 6;
/** A similar product costs between a half and twice as much. */
const PRICE_BAND = 2;

/**
 * The candidates are the nearest by price: an index has them in that order, so a large category costs no more than a small one.
 * Among them, words count most (title, brand and keywords, as trigrams), then the category, then the price.
 */
const RECOMMEND = statement<Recommended>(
  `WITH page AS MATERIALIZED (
     SELECT product_id, category_id, price_from FROM product_listings WHERE ${IN_RANGE}
   ), kin AS MATERIALIZED (
     SELECT c.id AS category_id, c.id AS kin_id, 1.0 AS closeness, ${FROM_OWN} AS most
     FROM categories c WHERE c.id IN (SELECT category_id FROM page)
     UNION ALL
     SELECT c.id, sibling.id, 0.5, ${FROM_SIBLING}
     FROM categories c CROSS JOIN LATERAL (
       SELECT s.id FROM categories s WHERE s.parent_id = c.parent_id AND s.id <> c.id
       ORDER BY s.position, s.id LIMIT ${SIBLINGS_AT_MOST}) AS sibling
     WHERE c.id IN (SELECT category_id FROM page)
   ), candidates AS (
     SELECT page.product_id, page.price_from, near.product_id AS other_id, near.price_from AS other_price, kin.closeness
     FROM page JOIN kin ON kin.category_id = page.category_id CROSS JOIN LATERAL (
       (SELECT o.product_id, o.price_from FROM product_listings o
        WHERE o.category_id = kin.kin_id AND o.price_from >= page.price_from
          AND o.price_from <= page.price_from * ${PRICE_BAND} AND o.product_id <> page.product_id
        ORDER BY o.price_from LIMIT kin.most)
       UNION ALL
       (SELECT o.product_id, o.price_from FROM product_listings o
        WHERE o.category_id = kin.kin_id AND o.price_from < page.price_from
          AND o.price_from >= page.price_from / ${PRICE_BAND}
        ORDER BY o.price_from DESC LIMIT kin.most)) AS near
   ), scored AS (
     SELECT c.product_id, c.other_id, 0.6 * similarity(p.sound, o.sound) + 0.25 * c.closeness
         + 0.15 * least(c.price_from, c.other_price)::double precision / greatest(c.price_from, c.other_price, 1) AS score
     FROM candidates c JOIN products p ON p.id = c.product_id JOIN products o ON o.id = c.other_id
   ), ranked AS (
     SELECT scored.*, row_number() OVER (PARTITION BY product_id ORDER BY score DESC, other_id) AS rank FROM scored
   ), stored AS (
     INSERT INTO product_recommendations (product_id, kind, rank, other_id, score)
     SELECT product_id, 'similar', rank, other_id, score FROM ranked WHERE rank <= ${RECOMMENDATIONS_AT_MOST}
     RETURNING product_id, rank, other_id
   ) ${recommendedOf('stored')}`,
  RECOMMENDED,
);

/**
 * Replaces what is recommended as similar for a range of products: published ones of the same category or one beside it, of about
 * the same price, with similar words. Kept answers that have others are ended.
 */
export async function recommendSimilar(
  transaction: Transaction,
  { after, products }: RecommendSimilar,
): Promise<RecommendedSimilar> {
  await lockRecommendations(transaction);
  const { last } = (await row(transaction, READ_LAST, [after, products]))!;
  const before = await rows(transaction, FORGET, [after, last]);
  const now = await rowsPlannedAnew(transaction, RECOMMEND, [after, last]);
  return { last, stored: await endChangedAnswers(transaction, before, now) };
}
