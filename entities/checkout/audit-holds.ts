import { instant, integer, nullable, text, uuid } from '../row-shape';
import { rowsPlannedAnew, statement, type Transaction } from '../sql';

/** What should not exist, or what people should know of. */
export const HOLD_FINDINGS = [
  'order_overdue',
  'reserved_differs',
  'sale_differs',
  'held_at_closed_location',
  'unshipped_at_closed_location',
] as const;
export type HoldFinding = (typeof HOLD_FINDINGS)[number];

/** One of them, with the units that it is about and those that it should be. */
export interface FoundHold {
  readonly finding: HoldFinding;
  readonly orderId: string | null;
  readonly variantId: string | null;
  readonly locationId: string | null;
  /** Units that are held, reserved or sold. */
  readonly units: number;
  /** Units that should be. Null where nothing is wrong with the number. */
  readonly expected: number | null;
  /** Since when, where it has a time. */
  readonly since: Date | null;
}

/** The audit, and whether there is more of a kind than it names. */
export interface HoldAudit {
  readonly found: readonly FoundHold[];
  readonly isCut: boolean;
}

/** How late an order may be, and how many findings of each kind are named. */
export interface AuditTerms {
  /** Beyond the deadline of an order, in milliseconds. Its workflow, or the sweep that wakes it, needs some. */
  readonly marginMs: number;
  readonly limit: number;
}

/** Orders by the index of their deadlines, levels and holds in one pass each, sales by hash. Each part is cut by itself. */
const AUDIT = statement<FoundHold>(
  `(SELECT 'order_overdue' AS finding, o.id AS "orderId", NULL::uuid AS "variantId", NULL::uuid AS "locationId",
      coalesce((SELECT sum(r.quantity) FROM reservations r WHERE r.held_order_id = o.id), 0)::integer AS units,
      0 AS expected, o.payment_deadline AS since
    FROM orders o
    WHERE o.status = 'awaiting_payment' AND o.payment_deadline < now() - $1 * interval '1 millisecond'
      AND NOT EXISTS (SELECT FROM payment_attempts p WHERE p.order_id = o.id AND p.status = 'verifying')
    ORDER BY o.payment_deadline LIMIT $2)
   UNION ALL
   (SELECT 'reserved_differs', NULL, variant_id, location_id, coalesce(l.reserved, 0), coalesce(h.held, 0)::integer, NULL
    FROM stock_levels l FULL JOIN (
      SELECT variant_id, location_id, sum(quantity) AS held
      FROM reservations WHERE state = 'held' GROUP BY variant_id, location_id
    ) AS h USING (variant_id, location_id)
    WHERE coalesce(l.reserved, 0) <> coalesce(h.held, 0) LIMIT $2)
   UNION ALL
   (SELECT 'sale_differs', c.order_id, c.variant_id, c.location_id, coalesce(-m.delta, 0), c.quantity, m.created_at
    FROM reservations c LEFT JOIN stock_movements m ON (m.reason, m.ref, m.variant_id, m.location_id)
      = ('sale', c.order_id::text, c.variant_id, c.location_id)
    WHERE c.state = 'committed' AND m.delta IS DISTINCT FROM -c.quantity LIMIT $2)
   UNION ALL
   (SELECT 'held_at_closed_location', r.order_id, r.variant_id, r.location_id, r.quantity, NULL, NULL
    FROM reservations r JOIN stock_locations p ON p.id = r.location_id AND NOT p.sells
    WHERE r.state = 'held' LIMIT $2)
   UNION ALL
   (SELECT 'unshipped_at_closed_location', r.order_id, r.variant_id, r.location_id, r.quantity - r.shipped, NULL, NULL
    FROM reservations r JOIN stock_locations p ON p.id = r.location_id AND NOT p.sells
    WHERE r.state = 'committed' AND r.shipped < r.quantity LIMIT $2)`,
  {
    finding: text,
    orderId: nullable(uuid),
    variantId: nullable(uuid),
    locationId: nullable(uuid),
    units: integer,
    expected: nullable(integer),
    since: nullable(instant),
  },
);

/** Looks for holds that should not exist, and changes nothing. Orders that are late are woken by the payment sweep. */
export async function auditHolds(
  transaction: Transaction,
  { marginMs, limit }: AuditTerms,
): Promise<HoldAudit> {
  const found = await rowsPlannedAnew(transaction, AUDIT, [marginMs, limit + 1]);
  const named = HOLD_FINDINGS.flatMap((kind) =>
    found.filter(({ finding }) => finding === kind).slice(0, limit),
  );
  return { found: named, isCut: named.length < found.length };
}
