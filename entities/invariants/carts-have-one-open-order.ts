import type { Law } from './law';

/** A partial index of the orders that await payment. */
export const cartsHaveOneOpenOrder: Law = {
  law: 'carts-have-one-open-order',
  sentence: 'A cart has at most one order that awaits payment.',
  offenders: `
    SELECT cart_id AS "cartId", count(*) AS orders
    FROM orders WHERE status = 'awaiting_payment' GROUP BY cart_id HAVING count(*) > 1`,
};
