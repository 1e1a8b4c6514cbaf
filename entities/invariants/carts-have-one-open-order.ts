import type { Invariant } from './invariant';

/** A partial index of the orders that await payment. */
export const cartsHaveOneOpenOrder: Invariant = {
  invariant: 'carts-have-one-open-order',
  sentence: 'A cart has at most one order that awaits payment.',
  violations: `
    SELECT cart_id AS "cartId", count(*) AS orders
    FROM orders WHERE status = 'awaiting_payment' GROUP BY cart_id HAVING count(*) > 1`,
};
