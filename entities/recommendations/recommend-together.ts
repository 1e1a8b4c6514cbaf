import { rows, rowsPlannedAnew, statement, type Transaction } from '../sql';
import { endChangedAnswers, RECOMMENDED, recommendedOf, type Recommended } from './changed-recommendations';
import { lockRecommendations } from './lock-recommendations';
import { RECOMMENDATIONS_AT_MOST } from './product-recommendation';

/** Paid orders that count, the newest: what people buy together changes, and the work is bounded. */
const ORDERS_AT_MOST = 100_000;
/** Orders with both products below which a pair may be chance. */
const LEAST_SUPPORT = 5;
/** Orders of a product that are taken for granted, so that one with few orders does not look sure of its partners. */
const PRIOR_ORDERS = 10;

const FORGET = statement<Recommended>(
  `WITH gone AS (
     DELETE FROM product_recommendations WHERE kind = 'together' RETURNING product_id, rank, other_id
   ) ${recommendedOf('gone')}`,
  RECOMMENDED,
);

/** Lift: how many times as often both are bought together as by chance. */
const RECOMMEND = statement<Recommended>(
  `WITH paid AS MATERIALIZED (
     SELECT id FROM orders WHERE payment_status IN ('paid', 'partly_refunded')
     ORDER BY number DESC LIMIT ${ORDERS_AT_MOST}
   ), bought AS MATERIALIZED (
     SELECT DISTINCT l.order_id, v.product_id
     FROM paid JOIN order_lines l ON l.order_id = paid.id JOIN variants v ON v.id = l.variant_id
   ), sold AS MATERIALIZED (
     SELECT product_id, count(*)::double precision AS orders FROM bought GROUP BY product_id
   ), pairs AS MATERIALIZED (
     SELECT a.product_id, b.product_id AS other_id, count(*)::double precision AS together
     FROM bought a JOIN bought b ON b.order_id = a.order_id AND b.product_id <> a.product_id
     GROUP BY a.product_id, b.product_id HAVING count(*) >= ${LEAST_SUPPORT}
   ), scored AS (
     SELECT p.product_id, p.other_id, p.together / (a.orders + ${PRIOR_ORDERS})
         * ln(1 + p.together * (SELECT count(*) FROM paid) / (a.orders * b.orders)) AS score
     FROM pairs p JOIN sold a ON a.product_id = p.product_id JOIN sold b ON b.product_id = p.other_id
       JOIN product_listings shown ON shown.product_id = p.product_id
       JOIN product_listings other ON other.product_id = p.other_id
   ), ranked AS (
     SELECT scored.*, row_number() OVER (PARTITION BY product_id ORDER BY score DESC, other_id) AS rank FROM scored
   ), stored AS (
     INSERT INTO product_recommendations (product_id, kind, rank, other_id, score)
     SELECT product_id, 'together', rank, other_id, score FROM ranked WHERE rank <= ${RECOMMENDATIONS_AT_MOST}
     RETURNING product_id, rank, other_id
   ) ${recommendedOf('stored')}`,
  RECOMMENDED,
);

/**
 * Replaces what is recommended as bought together, from the newest paid orders. Readers see the old rows or the new ones, and kept
 * answers that have others are ended.
 *
 * @returns how many rows there are now
 */
export async function recommendTogether(transaction: Transaction): Promise<number> {
  await lockRecommendations(transaction);
  const before = await rows(transaction, FORGET);
  return endChangedAnswers(transaction, before, await rowsPlannedAnew(transaction, RECOMMEND));
}
