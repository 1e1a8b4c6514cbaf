import type { Invariant } from './invariant';

/** One pass over attempts and one over orders, met by hash. */
export const attemptsAskForTheTotal: Invariant = {
  invariant: 'attempts-ask-for-the-total',
  sentence: "An attempt asks for its order's total, in its order's currency.",
  violations: `
    SELECT p.id AS "attemptId", p.order_id AS "orderId", p.amount, o.total, p.currency
    FROM payment_attempts p LEFT JOIN orders o ON o.id = p.order_id
    WHERE (p.amount, p.currency) IS DISTINCT FROM (o.total, o.currency)`,
};
