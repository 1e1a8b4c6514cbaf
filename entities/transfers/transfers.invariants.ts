import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { TRANSFER } from './transfers.events';

/** What holds at every instant for transfers. */
export const TRANSFER_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(TRANSFER),
  // One pass over the lines and their transfers.
  {
    invariant: 'transfers-account-for-their-goods',
    sentence:
      'All units of a transfer that has ended are received, returned or lost; of a draft none are, and in transit some are not.',
    violations: `
      SELECT t.id AS "transferId", t.status, sum(l.sent)::integer AS sent,
        sum(l.received + l.returned + l.lost)::integer AS answered
      FROM stock_transfers t JOIN stock_transfer_lines l ON l.transfer_id = t.id
      GROUP BY t.id, t.status
      HAVING CASE
        WHEN t.status = 'in_transit' THEN sum(l.received + l.returned + l.lost) >= sum(l.sent)
        WHEN t.shipped_at IS NULL THEN sum(l.received + l.returned + l.lost) <> 0
        ELSE sum(l.received + l.returned + l.lost) <> sum(l.sent) END`,
  },
  // One pass over lines and one over receipts, joined by hash.
  {
    invariant: 'transfer-lines-are-sums-of-receipts',
    sentence: 'What is received, returned and lost of a line of a transfer is the sum of its receipts.',
    violations: `
      SELECT transfer_id AS "transferId", variant_id AS "variantId", l.received, l.returned, l.lost,
        r.received AS "receiptsReceived", r.returned AS "receiptsReturned", r.lost AS "receiptsLost"
      FROM stock_transfer_lines l FULL JOIN (
        SELECT transfer_id, variant_id, coalesce(sum(quantity) FILTER (WHERE outcome = 'received'), 0)::integer AS received,
          coalesce(sum(quantity) FILTER (WHERE outcome = 'returned'), 0)::integer AS returned,
          coalesce(sum(quantity) FILTER (WHERE outcome = 'lost'), 0)::integer AS lost
        FROM stock_transfer_receipts GROUP BY transfer_id, variant_id
      ) AS r USING (transfer_id, variant_id)
      WHERE (coalesce(l.received, 0), coalesce(l.returned, 0), coalesce(l.lost, 0))
        <> (coalesce(r.received, 0), coalesce(r.returned, 0), coalesce(r.lost, 0))`,
  },
  // Lines of shipped transfers and receipts beside the movements of two reasons, joined by hash.
  {
    invariant: 'transfers-move-what-they-say',
    sentence:
      'A transfer has taken what its lines say from where it began, and each receipt has booked what it says where it arrived.',
    violations: `
      SELECT ref, variant_id AS "variantId", location_id AS "locationId", reason, coalesce(w.delta, 0) AS wanted,
        coalesce(m.delta, 0) AS moved
      FROM (
        SELECT t.id::text AS ref, l.variant_id, t.from_id AS location_id, 'transfer_out' AS reason, -l.sent AS delta
        FROM stock_transfers t JOIN stock_transfer_lines l ON l.transfer_id = t.id WHERE t.shipped_at IS NOT NULL
        UNION ALL
        SELECT r.id::text, r.variant_id, CASE r.outcome WHEN 'received' THEN t.to_id ELSE t.from_id END, 'transfer_in',
          r.quantity
        FROM stock_transfer_receipts r JOIN stock_transfers t ON t.id = r.transfer_id WHERE r.outcome <> 'lost'
      ) AS w FULL JOIN (
        SELECT ref::text AS ref, variant_id, location_id, reason::text AS reason, delta
        FROM stock_movements WHERE reason IN ('transfer_out', 'transfer_in')
      ) AS m USING (ref, variant_id, location_id, reason)
      WHERE coalesce(w.delta, 0) <> coalesce(m.delta, 0)`,
  },
];
