import type { Invariant } from './invariant';

/** One pass over the unique index of the acts, whose order it groups by. */
export const actsAreBookedOnce: Invariant = {
  invariant: 'acts-are-booked-once',
  sentence: 'A business act moves the stock of a level once.',
  violations: `
    SELECT reason, ref, variant_id AS "variantId", location_id AS "locationId", count(*) AS bookings
    FROM stock_movements GROUP BY reason, ref, variant_id, location_id HAVING count(*) > 1`,
};
