import type { Invariant } from './invariant';

/** Only orders that await payment, by a partial index, and their lines and holds by key. */
export const awaitingOrdersHoldTheirLines: Invariant = {
  invariant: 'awaiting-orders-hold-their-lines',
  sentence: 'An order that awaits payment holds exactly what its lines say.',
  violations: `
    WITH awaiting AS (SELECT id AS order_id FROM orders WHERE status = 'awaiting_payment')
    SELECT order_id AS "orderId", variant_id AS "variantId",
      coalesce(w.quantity, 0) AS wanted, coalesce(h.quantity, 0) AS held
    FROM (
      SELECT order_id, variant_id, quantity FROM awaiting JOIN order_lines USING (order_id)
    ) AS w FULL JOIN (
      SELECT order_id, variant_id, sum(quantity) AS quantity
      FROM awaiting JOIN reservations USING (order_id) WHERE state = 'held' GROUP BY order_id, variant_id
    ) AS h USING (order_id, variant_id)
    WHERE coalesce(w.quantity, 0) <> coalesce(h.quantity, 0)`,
};
