import type { Invariant } from './invariant';

/** One pass over the movements into a group per level, of which there are as many as goods, not as orders. */
export const onHandIsSumOfMovements: Invariant = {
  invariant: 'on-hand-is-sum-of-movements',
  sentence: 'The stock on hand is the sum of its movements.',
  violations: `
    SELECT variant_id AS "variantId", location_id AS "locationId",
      coalesce(l.on_hand, 0) AS "onHand", coalesce(m.moved, 0) AS moved
    FROM stock_levels l FULL JOIN (
      SELECT variant_id, location_id, sum(delta) AS moved FROM stock_movements GROUP BY variant_id, location_id
    ) AS m USING (variant_id, location_id)
    WHERE coalesce(l.on_hand, 0) <> coalesce(m.moved, 0)`,
};
