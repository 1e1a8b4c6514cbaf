import type { Invariant } from './invariant';

/** One pass over the reservations and one over the movements, met by hash. */
export const salesAreBookedOnce: Invariant = {
  invariant: 'sales-are-booked-once',
  sentence:
    'Every committed reservation left the stock by one sale of its quantity, and nothing else was sold.',
  violations: `
    SELECT order_ref AS "orderId", variant_id AS "variantId", location_id AS "locationId",
      coalesce(c.quantity, 0) AS committed, coalesce(s.quantity, 0) AS sold, coalesce(s.sales, 0) AS sales
    FROM (
      SELECT order_id::text AS order_ref, variant_id, location_id, quantity FROM reservations WHERE state = 'committed'
    ) AS c FULL JOIN (
      SELECT ref::text AS order_ref, variant_id, location_id, -sum(delta) AS quantity, count(*) AS sales
      FROM stock_movements WHERE reason = 'sale' GROUP BY ref, variant_id, location_id
    ) AS s USING (order_ref, variant_id, location_id)
    WHERE coalesce(c.quantity, 0) <> coalesce(s.quantity, 0) OR s.sales <> 1`,
};
