import type { Invariant } from '../invariant';
import { PURCHASE_ORDER_TRANSITIONS, type PurchaseOrderStatus } from './purchase-order-status';
import type { PurchaseOrderEvents } from './purchasing.events';

/** The events of a move, and the status of the order after it. */
const MOVES: Partial<Record<keyof PurchaseOrderEvents, PurchaseOrderStatus>> = {
  'purchase_order.begun': 'collecting',
  'purchase_order.approval_needed': 'awaiting_approval',
  'purchase_order.submitted': 'sending',
  'purchase_order.ordered': 'ordered',
  'purchase_order.partly_received': 'partly_received',
  'purchase_order.received': 'received',
  'purchase_order.closed_short': 'closed_short',
  'purchase_order.cancelled': 'cancelled',
  'purchase_order.refused': 'refused',
};

const moves = Object.entries(MOVES).map(([type, status]) => `('${type}', '${status}')`);
const allowed = Object.entries(PURCHASE_ORDER_TRANSITIONS).flatMap(([from, all]) =>
  all.map((to) => `('${from}', '${to}')`),
);

/** One pass over the events of purchase orders in the order of their versions: each move is compared with the one before it. */
export const purchaseOrdersMoveAlongTheirTable: Invariant = {
  invariant: 'purchase-orders-move-along-their-table',
  sentence:
    'The journal leads every purchase order from its beginning to its status, only by moves of the transition table.',
  violations: `
    WITH told AS (
      SELECT e.aggregate_id AS order_id, e.version, e.type, m.status,
        lag(m.status) OVER history AS before, lead(e.version) OVER history IS NULL AS is_last
      FROM events e JOIN (VALUES ${moves.join(', ')}) AS m(type, status) ON m.type = e.type
      WHERE e.aggregate_type = 'purchase_order'
      WINDOW history AS (PARTITION BY e.aggregate_id ORDER BY e.version)
    )
    SELECT order_id AS "purchaseOrderId", version, before AS "from", status AS "to" FROM told
    WHERE CASE WHEN before IS NULL OR type = 'purchase_order.begun'
        THEN NOT (before IS NULL AND type = 'purchase_order.begun')
      ELSE before <> status AND (before, status) NOT IN (${allowed.join(', ')}) END
    UNION ALL
    SELECT o.id, o.version, told.status, o.status
    FROM purchase_orders o LEFT JOIN told ON told.order_id = o.id AND told.is_last
    WHERE o.status IS DISTINCT FROM told.status`,
};
