import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { STOCK_COUNT } from './stocktaking.events';

/** What holds at every instant for counts. */
export const STOCKTAKING_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(STOCK_COUNT),
  // Lines of counts with the movement that each has seen, beside the corrections of counts, joined by hash.
  {
    invariant: 'counts-book-their-differences',
    sentence:
      'An approved count has booked the difference of each of its lines, and no other count has booked anything.',
    violations: `
      SELECT w.count_id AS "countId", w.variant_id AS "variantId", w.status, w.difference, coalesce(b.delta, 0) AS booked
      FROM (
        SELECT l.count_id, l.variant_id, c.location_id, c.status,
          CASE c.status WHEN 'approved' THEN l.counted - l.unshipped_seen - coalesce(m.on_hand_after, 0) ELSE 0 END
            AS difference
        FROM stock_count_lines l JOIN stock_counts c ON c.id = l.count_id
          LEFT JOIN stock_movements m
            ON (m.variant_id, m.location_id, m.seq) = (l.variant_id, c.location_id, l.seq_seen)
      ) AS w LEFT JOIN (
        SELECT ref::text AS ref, variant_id, location_id, delta
        FROM stock_movements WHERE reason = 'correction' AND cause = 'count'
      ) AS b ON (b.ref, b.variant_id, b.location_id) = (w.count_id::text, w.variant_id, w.location_id)
      WHERE w.difference IS DISTINCT FROM coalesce(b.delta, 0)`,
  },
];
