import type { Invariant } from './invariant';

/** A partial index of the attempts that are not over, and their orders by key. */
export const attemptsFollowTheirOrder: Invariant = {
  invariant: 'attempts-follow-their-order',
  sentence:
    'Money is asked for and taken only while its order awaits payment; an expired one may still be paid.',
  violations: `
    SELECT p.id AS "attemptId", p.status AS "attemptStatus", p.order_id AS "orderId", o.status AS "orderStatus"
    FROM payment_attempts p LEFT JOIN orders o ON o.id = p.order_id
    WHERE p.status IN ('requesting', 'open', 'verifying') AND o.status IS DISTINCT FROM 'awaiting_payment'
      AND (p.status <> 'open' OR o.status IS DISTINCT FROM 'expired')`,
};
