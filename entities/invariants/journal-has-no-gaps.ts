import type { Invariant } from './invariant';

/** One pass over the unique index of the versions, whose order it groups by, and one over the orders. */
export const journalHasNoGaps: Invariant = {
  invariant: 'journal-has-no-gaps',
  sentence: 'The events of an order are numbered from one without gaps, and the order knows the last number.',
  violations: `
    SELECT coalesce(o.id, e.order_id) AS "orderId", o.version, coalesce(e.events, 0) AS events, e.oldest, e.newest
    FROM orders o FULL JOIN (
      SELECT aggregate_id AS order_id, count(*) AS events, min(version) AS oldest, max(version) AS newest
      FROM events WHERE aggregate_type = 'order' GROUP BY aggregate_id
    ) AS e ON e.order_id = o.id
    WHERE o.version IS DISTINCT FROM coalesce(e.newest, 0) OR e.events <> e.newest OR e.oldest <> 1`,
};
