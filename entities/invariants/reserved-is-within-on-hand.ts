import type { Invariant } from './invariant';

/** One pass over the levels, of which there are as many as goods, not as orders. */
export const reservedIsWithinOnHand: Invariant = {
  invariant: 'reserved-is-within-on-hand',
  sentence: 'No more is promised than there is, and no less than nothing.',
  violations: `
    SELECT variant_id AS "variantId", location_id AS "locationId", reserved, on_hand AS "onHand"
    FROM stock_levels WHERE NOT (0 <= reserved AND reserved <= on_hand)`,
};
