import type { Invariant } from '../invariant';
import { ORDER_TRANSITIONS, type OrderStatus } from './order-status';
import type { OrderEvents } from './orders.events';

/** The events of a move, and the status of the order after it. */
const MOVES: Partial<Record<keyof OrderEvents, OrderStatus>> = {
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

/** One pass over the journal in the order of its unique index: each event is compared with the move before it. */
export const ordersMoveAlongTheirTable: Invariant = {
  invariant: 'orders-move-along-their-table',
  sentence:
    'The journal leads every order from its creation to its status, only by moves of the transition table.',
  violations: `
    WITH told AS (
      SELECT e.aggregate_id AS order_id, e.version, e.type, m.status,
        lag(m.status) OVER history AS before, lead(e.version) OVER history IS NULL AS is_last
      FROM events e JOIN (VALUES ${moves.join(', ')}) AS m(type, status) ON m.type = e.type
      WHERE e.aggregate_type = 'order'
      WINDOW history AS (PARTITION BY e.aggregate_id ORDER BY e.version)
    )
    SELECT order_id AS "orderId", version, before AS "from", status AS "to" FROM told
    WHERE CASE WHEN before IS NULL OR type = 'order.created' THEN NOT (before IS NULL AND type = 'order.created')
      ELSE (before, status) NOT IN (${allowed.join(', ')}) END
    UNION ALL
    SELECT o.id, o.version, told.status, o.status
    FROM orders o LEFT JOIN told ON told.order_id = o.id AND told.is_last
    WHERE o.status IS DISTINCT FROM told.status`,
};
