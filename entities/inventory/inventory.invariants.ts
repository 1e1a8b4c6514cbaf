import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { AVAILABILITY, STOCK_LEVEL, STOCK_LOCATION } from './inventory.events';
import { isYetToBeShown } from './show-switched';
import { SHOWN_UNITS } from './variant-availability';

/** What holds at every instant for stock. */
export const INVENTORY_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(AVAILABILITY),
  journalHasNoGaps(STOCK_LEVEL),
  journalHasNoGaps(STOCK_LOCATION),
  // What the triggers of stock keep, computed again from its source.
  {
    invariant: 'availability-tells-the-truth',
    sentence:
      'The units that the public is told of are the free ones of all locations that sell, at most 20.',
    violations: `
      SELECT v.id AS "variantId", a.shown AS told, coalesce(f.free, 0)::integer AS free
      FROM variants v LEFT JOIN variant_availability a ON a.id = v.id LEFT JOIN (
        SELECT l.variant_id, sum(l.on_hand - l.reserved) AS free
        FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells GROUP BY l.variant_id
      ) AS f ON f.variant_id = v.id
      WHERE a.shown IS DISTINCT FROM least(${SHOWN_UNITS}, coalesce(f.free, 0)) AND NOT ${isYetToBeShown('v.id')}`,
  },
  // One pass over the movements into a group per level, of which there are as many as goods, not as orders.
  {
    invariant: 'on-hand-is-sum-of-movements',
    sentence: 'The stock on hand is the sum of its movements.',
    violations: `
      SELECT variant_id AS "variantId", location_id AS "locationId",
        coalesce(l.on_hand, 0) AS "onHand", coalesce(m.moved, 0) AS moved
      FROM stock_levels l FULL JOIN (
        SELECT variant_id, location_id, sum(delta) AS moved FROM stock_movements GROUP BY variant_id, location_id
      ) AS m USING (variant_id, location_id)
      WHERE coalesce(l.on_hand, 0) <> coalesce(m.moved, 0)`,
  },
  // One pass over the primary key of the movements alone.
  {
    invariant: 'movements-have-no-gaps',
    sentence:
      'The movements of a stock level are numbered from one without gaps, and the level has the last number.',
    violations: `
      SELECT variant_id AS "variantId", location_id AS "locationId", coalesce(l.movement_seq, 0) AS "movementSeq",
        coalesce(m.movements, 0) AS movements, m.oldest, m.newest
      FROM stock_levels l FULL JOIN (
        SELECT variant_id, location_id, count(*) AS movements, min(seq) AS oldest, max(seq) AS newest
        FROM stock_movements GROUP BY variant_id, location_id
      ) AS m USING (variant_id, location_id)
      WHERE coalesce(l.movement_seq, 0) <> coalesce(m.newest, 0)
        OR m.movements <> m.newest OR m.oldest <> 1`,
  },
  // One pass over the movements in the order of their primary key; each is compared with the one before it.
  {
    invariant: 'movements-keep-a-running-balance',
    sentence: 'Each movement has the stock on hand after it, which was never below zero.',
    violations: `
      SELECT variant_id AS "variantId", location_id AS "locationId", seq, before, delta, on_hand_after AS "onHandAfter"
      FROM (
        SELECT variant_id, location_id, seq, delta, on_hand_after,
          coalesce(lag(on_hand_after) OVER (PARTITION BY variant_id, location_id ORDER BY seq), 0) AS before
        FROM stock_movements
      ) AS m
      WHERE on_hand_after <> before + delta OR on_hand_after < 0`,
  },
  // One pass over the unique index of the acts, whose order it groups by.
  {
    invariant: 'acts-are-booked-once',
    sentence: 'A business act changes a stock level once.',
    violations: `
      SELECT reason, ref, variant_id AS "variantId", location_id AS "locationId", count(*) AS bookings
      FROM stock_movements GROUP BY reason, ref, variant_id, location_id HAVING count(*) > 1`,
  },
  // One pass over the levels, of which there are as many as goods, not as orders.
  {
    invariant: 'reserved-is-within-on-hand',
    sentence: 'The reserved stock is between zero and the stock on hand.',
    violations: `
      SELECT variant_id AS "variantId", location_id AS "locationId", reserved, on_hand AS "onHand"
      FROM stock_levels WHERE NOT (0 <= reserved AND reserved <= on_hand)`,
  },
  // Levels and a partial index of what is held: as many rows as orders that await payment, not as orders.
  {
    invariant: 'reserved-is-sum-of-holds',
    sentence: 'The reserved stock of a level is the sum of its held reservations.',
    violations: `
      SELECT variant_id AS "variantId", location_id AS "locationId",
        coalesce(l.reserved, 0) AS reserved, coalesce(h.held, 0) AS held
      FROM stock_levels l FULL JOIN (
        SELECT variant_id, location_id, sum(quantity) AS held
        FROM reservations WHERE state = 'held' GROUP BY variant_id, location_id
      ) AS h USING (variant_id, location_id)
      WHERE coalesce(l.reserved, 0) <> coalesce(h.held, 0)`,
  },
  // One pass over the reservations and one over the movements, joined by hash.
  {
    invariant: 'sales-are-booked-once',
    sentence: 'Every committed reservation has one sale of its quantity, and there are no other sales.',
    violations: `
      SELECT order_ref AS "orderId", variant_id AS "variantId", location_id AS "locationId",
        coalesce(c.quantity, 0) AS committed, coalesce(s.quantity, 0) AS sold, coalesce(s.sales, 0) AS sales
      FROM (
        SELECT order_id::text AS order_ref, variant_id, location_id, quantity FROM reservations WHERE state = 'committed'
      ) AS c FULL JOIN (
        SELECT ref::text AS order_ref, variant_id, location_id, -sum(delta) AS quantity, count(*) AS sales
        FROM stock_movements WHERE reason = 'sale' GROUP BY ref, variant_id, location_id
      ) AS s USING (order_ref, variant_id, location_id)
      WHERE coalesce(c.quantity, 0) <> coalesce(s.quantity, 0) OR s.sales <> 1`,
  },
];
