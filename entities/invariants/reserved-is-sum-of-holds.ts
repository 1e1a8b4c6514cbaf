import type { Invariant } from './invariant';

/** Levels and a partial index of what is held: as many rows as orders that await payment, not as orders. */
export const reservedIsSumOfHolds: Invariant = {
  invariant: 'reserved-is-sum-of-holds',
  sentence: 'What a stock level has promised is the sum of the reservations that hold it.',
  violations: `
    SELECT variant_id AS "variantId", location_id AS "locationId",
      coalesce(l.reserved, 0) AS reserved, coalesce(h.held, 0) AS held
    FROM stock_levels l FULL JOIN (
      SELECT variant_id, location_id, sum(quantity) AS held
      FROM reservations WHERE state = 'held' GROUP BY variant_id, location_id
    ) AS h USING (variant_id, location_id)
    WHERE coalesce(l.reserved, 0) <> coalesce(h.held, 0)`,
};
