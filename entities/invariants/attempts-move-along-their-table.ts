import { ATTEMPT_TRANSITIONS } from '../payments/attempt-status';
import type { Invariant } from './invariant';

const known = Object.keys(ATTEMPT_TRANSITIONS).map((status) => `'${status}'`);

/** One pass over the attempts. */
export const attemptsMoveAlongTheirTable: Invariant = {
  invariant: 'attempts-move-along-their-table',
  sentence:
    'An attempt carries what the way to its status gives: an authority once it was open, a round once it verified.',
  violations: `
    SELECT id AS "attemptId", order_id AS "orderId", status, authority, capture_round AS "captureRound"
    FROM payment_attempts
    WHERE status NOT IN (${known.join(', ')})
      OR (status = 'requesting' AND (authority IS NOT NULL OR capture_round > 0))
      OR (gateway <> 'none' AND status NOT IN ('requesting', 'closed') AND authority IS NULL)
      OR (gateway <> 'none' AND status IN ('verifying', 'settled') AND capture_round = 0)`,
};
