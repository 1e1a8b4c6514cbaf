import type { Invariant } from './invariant';

/** The unique partial index that says the same. */
export const oneCaptureAtATime: Invariant = {
  invariant: 'one-capture-at-a-time',
  sentence: 'At most one attempt of an order verifies or is settled.',
  violations: `
    SELECT order_id AS "orderId", count(*) AS attempts
    FROM payment_attempts WHERE status IN ('verifying', 'settled') GROUP BY order_id HAVING count(*) > 1`,
};
