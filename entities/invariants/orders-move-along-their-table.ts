import type { OrderEventType } from '../events/order-events';
import { ORDER_TRANSITIONS, type OrderStatus } from '../orders/order-status';
import type { Invariant } from './invariant';

/** Events that tell of a move, and where the order stands after it. */
const MOVES: Partial<Record<OrderEventType, OrderStatus>> = {
  'order.created': 'awaiting_payment',
  'order.reopened': 'awaiting_payment',
  'order.paid': 'placed',
  'order.expired': 'expired',
  'order.cancelled': 'cancelled',
};

const moves = Object.entries(MOVES).map(([type, status]) => `('${type}', '${status}')`);
const allowed = Object.entries(ORDER_TRANSITIONS).flatMap(([from, all]) =>
  all.map((to) => `('${from}', '${to}')`),
);

/** One pass over the journal in the order of its unique index: every event is compared with the move before it. */
export const ordersMoveAlongTheirTable: Invariant = {
  invariant: 'orders-move-along-their-table',
  sentence:
    'The journal tells of every order a way from its creation to its status, by moves of the table only.',
  violations: `
    WITH told AS (
      SELECT e.aggregate_id AS order_id, e.version, e.type, m.status,
        lag(m.status) OVER workflow AS before, lead(e.version) OVER workflow IS NULL AS is_last
      FROM events e JOIN (VALUES ${moves.join(', ')}) AS m(type, status) ON m.type = e.type
      WHERE e.aggregate_type = 'order'
      WINDOW workflow AS (PARTITION BY e.aggregate_id ORDER BY e.version)
    )
    SELECT order_id AS "orderId", version, before AS "from", status AS "to" FROM told
    WHERE CASE WHEN before IS NULL OR type = 'order.created' THEN NOT (before IS NULL AND type = 'order.created')
      ELSE (before, status) NOT IN (${allowed.join(', ')}) END
    UNION ALL
    SELECT o.id, o.version, told.status, o.status
    FROM orders o LEFT JOIN told ON told.order_id = o.id AND told.is_last
    WHERE o.status IS DISTINCT FROM told.status`,
};
