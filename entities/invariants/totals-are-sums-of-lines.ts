import type { Invariant } from './invariant';

/** One pass over the lines into a group per order, in the order of their primary key or by hash. */
export const totalsAreSumsOfLines: Invariant = {
  invariant: 'totals-are-sums-of-lines',
  sentence: 'An order has lines, and its total is their sum.',
  violations: `
    SELECT o.id AS "orderId", o.total, l.total AS "sumOfLines"
    FROM orders o LEFT JOIN (
      SELECT order_id, sum(quantity * unit_price) AS total FROM order_lines GROUP BY order_id
    ) AS l ON l.order_id = o.id
    WHERE o.total IS DISTINCT FROM l.total`,
};
