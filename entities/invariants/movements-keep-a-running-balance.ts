import type { Invariant } from './invariant';

/** One pass over the movements in the order of their primary key; each is compared with the one before it. */
export const movementsKeepARunningBalance: Invariant = {
  invariant: 'movements-keep-a-running-balance',
  sentence: 'Each movement says truly how much was on hand after it, and that was never less than nothing.',
  violations: `
    SELECT variant_id AS "variantId", location_id AS "locationId", seq, before, delta, on_hand_after AS "onHandAfter"
    FROM (
      SELECT variant_id, location_id, seq, delta, on_hand_after,
        coalesce(lag(on_hand_after) OVER (PARTITION BY variant_id, location_id ORDER BY seq), 0) AS before
      FROM stock_movements
    ) AS m
    WHERE on_hand_after <> before + delta OR on_hand_after < 0`,
};
