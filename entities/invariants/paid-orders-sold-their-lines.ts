import type { Invariant } from './invariant';

/** One pass each over orders, lines and reservations, met by hash. */
export const paidOrdersSoldTheirLines: Invariant = {
  invariant: 'paid-orders-sold-their-lines',
  sentence:
    'A paid order has committed exactly what its lines say, and no other order has committed anything.',
  violations: `
    SELECT order_id AS "orderId", variant_id AS "variantId",
      coalesce(w.quantity, 0) AS wanted, coalesce(c.quantity, 0) AS committed
    FROM (
      SELECT l.order_id, l.variant_id, l.quantity
      FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.payment_status <> 'unpaid'
    ) AS w FULL JOIN (
      SELECT order_id, variant_id, sum(quantity) AS quantity
      FROM reservations WHERE state = 'committed' GROUP BY order_id, variant_id
    ) AS c USING (order_id, variant_id)
    WHERE coalesce(w.quantity, 0) <> coalesce(c.quantity, 0)`,
};
