import type { Law } from './law';

/** One pass over the attempts. */
export const capturesCoverReturns: Law = {
  law: 'captures-cover-returns',
  sentence:
    'What was captured is the amount of a settled or surplus attempt and covers what was returned and is being returned.',
  offenders: `
    SELECT id AS "attemptId", order_id AS "orderId", status, amount, captured, returned, return_pending AS "returnPending"
    FROM payment_attempts
    WHERE captured <> CASE WHEN status IN ('settled', 'surplus') THEN amount ELSE 0 END
      OR returned < 0 OR return_pending < 0 OR captured < returned + return_pending`,
};
