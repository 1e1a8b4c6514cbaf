import type { Invariant } from './invariant';

/** One pass over the primary key of the movements alone. */
export const movementsHaveNoGaps: Invariant = {
  invariant: 'movements-have-no-gaps',
  sentence:
    'The movements of a stock level are numbered from one without gaps, and the level knows the last number.',
  violations: `
    SELECT variant_id AS "variantId", location_id AS "locationId", coalesce(l.movement_seq, 0) AS "movementSeq",
      coalesce(m.movements, 0) AS movements, m.oldest, m.newest
    FROM stock_levels l FULL JOIN (
      SELECT variant_id, location_id, count(*) AS movements, min(seq) AS oldest, max(seq) AS newest
      FROM stock_movements GROUP BY variant_id, location_id
    ) AS m USING (variant_id, location_id)
    WHERE coalesce(l.movement_seq, 0) <> coalesce(m.newest, 0)
      OR m.movements <> m.newest OR m.oldest <> 1`,
};
