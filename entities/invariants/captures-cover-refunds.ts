import type { Invariant } from './invariant';

/** One pass over the attempts. */
export const capturesCoverRefunds: Invariant = {
  invariant: 'captures-cover-refunds',
  sentence:
    'What was captured is the amount of a settled or surplus attempt and covers what was refunded and is being refunded.',
  violations: `
    SELECT id AS "attemptId", order_id AS "orderId", status, amount, captured, refunded, refund_pending AS "refundPending"
    FROM payment_attempts
    WHERE captured <> CASE WHEN status IN ('settled', 'surplus') THEN amount ELSE 0 END
      OR refunded < 0 OR refund_pending < 0 OR captured < refunded + refund_pending`,
};
