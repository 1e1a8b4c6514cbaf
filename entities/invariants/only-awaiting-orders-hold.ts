import type { Invariant } from './invariant';

/** A partial index of what is held, and its orders by key. */
export const onlyAwaitingOrdersHold: Invariant = {
  invariant: 'only-awaiting-orders-hold',
  sentence: 'No order but one that awaits payment holds anything.',
  violations: `
    SELECT r.order_id AS "orderId", o.status, r.variant_id AS "variantId", r.location_id AS "locationId", r.quantity
    FROM reservations r LEFT JOIN orders o ON o.id = r.order_id
    WHERE r.state = 'held' AND o.status IS DISTINCT FROM 'awaiting_payment'`,
};
