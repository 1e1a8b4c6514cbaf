import type { PurchaseOrderStatus } from '../purchasing/purchase-order-status';
import { instant, integer, nullable, text, uuid } from '../row-shape';

/** What became of the last order that met a policy's need. Null where none was made. */
export interface LastOrder {
  readonly lastStatus: PurchaseOrderStatus | null;
  readonly lastSupplierId: string | null;
  readonly lastFinishedAt: Date | null;
  /** Units of the position that the order was decided on. */
  readonly lastPosition: number | null;
  /** When somebody last saved the policy. */
  readonly changedAt: Date;
}

/** In SQL: the last order of a policy `r`, to be joined, its columns and their shape. */
export const LAST_ORDER_JOIN = `LEFT JOIN LATERAL (
       SELECT o.status, o.supplier_id, o.finished_at, (d.why #>> '{position,total}')::bigint AS position
       FROM replenishment_decisions d JOIN purchase_orders o ON o.id = d.order_id
       WHERE d.policy_id = r.id ORDER BY d.at DESC, d.id DESC LIMIT 1) AS last ON true`;
export const LAST_ORDER = `last.status AS "lastStatus", last.supplier_id AS "lastSupplierId",
     last.finished_at AS "lastFinishedAt", last.position AS "lastPosition", r.changed_at AS "changedAt"`;
export const LAST_ORDER_SHAPE = {
  lastStatus: nullable(text),
  lastSupplierId: nullable(uuid),
  lastFinishedAt: nullable(instant),
  lastPosition: nullable(integer),
  changedAt: instant,
} as const;

/** How long a person's no, or a supplier's, counts. */
const NO_COUNTS_DAYS = 7;

/** Since when a no counts. Whoever saves the policy takes back what was declined before. */
export const noCountsSince = ({ changedAt }: Pick<LastOrder, 'changedAt'>, at: Date): Date =>
  new Date(Math.max(at.getTime() - NO_COUNTS_DAYS * 86_400_000, changedAt.getTime()));

/** A need as it is now. */
interface PresentNeed extends LastOrder {
  /** Who is preferred. */
  readonly supplierId: string | null;
}

/**
 * Whether a person's no to the last order still counts: only people cancel orders. It does not once half of the units are gone that
 * there were when it was decided, or another supplier is preferred.
 */
export function isDeclined(need: PresentNeed, position: number, at: Date): boolean {
  if (!hasLatelyEnded(need, 'cancelled', at)) return false;
  return position >= need.lastPosition! || position * 2 > need.lastPosition!;
}

/** Whether the preferred supplier has lately refused an order for the same need. */
export const wasRefused = (need: PresentNeed, at: Date): boolean => hasLatelyEnded(need, 'refused', at);

function hasLatelyEnded(need: PresentNeed, status: 'cancelled' | 'refused', at: Date): boolean {
  const { lastStatus, lastSupplierId, lastFinishedAt, supplierId } = need;
  if (lastStatus !== status || lastSupplierId !== supplierId) return false;
  return lastFinishedAt! >= noCountsSince(need, at);
}
