import type { Invariant } from './invariant';

/** One pass over orders and one over attempts, met by hash. */
export const paidIsOneSettledAttempt: Invariant = {
  invariant: 'paid-is-one-settled-attempt',
  sentence: 'An order is not unpaid exactly when one attempt of it is settled, and that is the one it names.',
  violations: `
    SELECT coalesce(o.id, p.order_id) AS "orderId", o.payment_status AS "paymentStatus",
      o.settled_attempt_id AS "settledAttemptId", p.id AS "attemptId"
    FROM (
      SELECT id, payment_status, settled_attempt_id FROM orders
      WHERE payment_status <> 'unpaid' OR settled_attempt_id IS NOT NULL
    ) AS o FULL JOIN (
      SELECT id, order_id FROM payment_attempts WHERE status = 'settled'
    ) AS p ON (p.order_id, p.id) = (o.id, o.settled_attempt_id)
    WHERE o.id IS NULL OR p.id IS NULL OR o.payment_status = 'unpaid'`,
};
