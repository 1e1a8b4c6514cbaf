import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import { movesAlongItsTable } from '../events/moves-along-its-table';
import type { Invariant } from '../invariant';
import { ORDER_TRANSITIONS } from './order-status';
import { ORDER } from './orders.events';

/** What holds at every instant for orders, their stock and their payment. */
export const ORDER_INVARIANTS: readonly Invariant[] = [
  // One pass over the lines into a group per order, in the order of their primary key or by hash.
  {
    invariant: 'totals-are-sums-of-lines',
    sentence: 'An order has lines, and its total is their sum.',
    violations: `
      SELECT o.id AS "orderId", o.total, l.total AS "sumOfLines"
      FROM orders o LEFT JOIN (
        SELECT order_id, sum(quantity * unit_price) AS total FROM order_lines GROUP BY order_id
      ) AS l ON l.order_id = o.id
      WHERE o.total IS DISTINCT FROM l.total`,
  },
  // A partial index of the orders that await payment.
  {
    invariant: 'carts-have-one-open-order',
    sentence: 'A cart has at most one order that awaits payment.',
    violations: `
      SELECT cart_id AS "cartId", count(*) AS orders
      FROM orders WHERE status = 'awaiting_payment' GROUP BY cart_id HAVING count(*) > 1`,
  },
  // One pass over the orders.
  {
    invariant: 'status-agrees-with-payment',
    sentence: 'An order is unpaid exactly while it awaits payment, has expired or was cancelled.',
    violations: `
      SELECT id AS "orderId", status, payment_status AS "paymentStatus" FROM orders
      WHERE (status IN ('awaiting_payment', 'expired', 'cancelled')) <> (payment_status = 'unpaid')`,
  },
  // One pass over orders and one over attempts, joined by hash.
  {
    invariant: 'paid-is-one-settled-attempt',
    sentence:
      'An order is paid or refunded exactly when one attempt of it is settled, and it names that attempt.',
    violations: `
      SELECT coalesce(o.id, p.order_id) AS "orderId", o.payment_status AS "paymentStatus",
        o.settled_attempt_id AS "settledAttemptId", p.id AS "attemptId"
      FROM (
        SELECT id, payment_status, settled_attempt_id FROM orders
        WHERE payment_status <> 'unpaid' OR settled_attempt_id IS NOT NULL
      ) AS o FULL JOIN (
        SELECT id, order_id FROM payment_attempts WHERE status = 'settled'
      ) AS p ON (p.order_id, p.id) = (o.id, o.settled_attempt_id)
      WHERE o.id IS NULL OR p.id IS NULL OR o.payment_status = 'unpaid'`,
  },
  // One pass over attempts and one over orders, joined by hash.
  {
    invariant: 'attempts-ask-for-the-total',
    sentence: "An attempt asks for its order's total, in its order's currency.",
    violations: `
      SELECT p.id AS "attemptId", p.order_id AS "orderId", p.amount, o.total, p.currency
      FROM payment_attempts p LEFT JOIN orders o ON o.id = p.order_id
      WHERE (p.amount, p.currency) IS DISTINCT FROM (o.total, o.currency)`,
  },
  // A partial index of the attempts that are not over, and their orders by key.
  {
    invariant: 'attempts-follow-their-order',
    sentence:
      'An attempt is requested, open or verifying only while its order awaits payment. An open one may outlive the expiry.',
    violations: `
      SELECT p.id AS "attemptId", p.status AS "attemptStatus", p.order_id AS "orderId", o.status AS "orderStatus"
      FROM payment_attempts p LEFT JOIN orders o ON o.id = p.order_id
      WHERE p.status IN ('requesting', 'open', 'verifying') AND o.status IS DISTINCT FROM 'awaiting_payment'
        AND (p.status <> 'open' OR o.status IS DISTINCT FROM 'expired')`,
  },
  // Only orders that await payment, by a partial index, and their lines and holds by key.
  {
    invariant: 'awaiting-orders-hold-their-lines',
    sentence: 'An order that awaits payment holds exactly what its lines say.',
    violations: `
      WITH awaiting AS (SELECT id AS order_id FROM orders WHERE status = 'awaiting_payment')
      SELECT order_id AS "orderId", variant_id AS "variantId",
        coalesce(w.quantity, 0) AS wanted, coalesce(h.quantity, 0) AS held
      FROM (
        SELECT order_id, variant_id, quantity FROM awaiting JOIN order_lines USING (order_id)
      ) AS w FULL JOIN (
        SELECT order_id, variant_id, sum(quantity) AS quantity
        FROM awaiting JOIN reservations USING (order_id) WHERE state = 'held' GROUP BY order_id, variant_id
      ) AS h USING (order_id, variant_id)
      WHERE coalesce(w.quantity, 0) <> coalesce(h.quantity, 0)`,
  },
  // A partial index of what is held, and its orders by key.
  {
    invariant: 'only-awaiting-orders-hold',
    sentence: 'Only orders that await payment hold stock.',
    violations: `
      SELECT r.order_id AS "orderId", o.status, r.variant_id AS "variantId", r.location_id AS "locationId", r.quantity
      FROM reservations r LEFT JOIN orders o ON o.id = r.order_id
      WHERE r.state = 'held' AND o.status IS DISTINCT FROM 'awaiting_payment'`,
  },
  // One pass each over orders, lines and reservations, joined by hash.
  {
    invariant: 'paid-orders-sold-their-lines',
    sentence:
      'A paid order has committed exactly what its lines say, and no other order has committed anything.',
    violations: `
      SELECT order_id AS "orderId", variant_id AS "variantId",
        coalesce(w.quantity, 0) AS wanted, coalesce(c.quantity, 0) AS committed
      FROM (
        SELECT l.order_id, l.variant_id, l.quantity
        FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.payment_status <> 'unpaid'
      ) AS w FULL JOIN (
        SELECT order_id, variant_id, sum(quantity) AS quantity
        FROM reservations WHERE state = 'committed' GROUP BY order_id, variant_id
      ) AS c USING (order_id, variant_id)
      WHERE coalesce(w.quantity, 0) <> coalesce(c.quantity, 0)`,
  },
  // Reservations of which units were shipped, and one pass over the events of orders, joined by hash.
  {
    invariant: 'shipped-units-are-told',
    sentence: 'The journal of an order tells of as many shipped units as its reservations have.',
    violations: `
      SELECT order_id AS "orderId", coalesce(r.shipped, 0) AS shipped, coalesce(e.told, 0) AS told
      FROM (
        SELECT order_id, sum(shipped) AS shipped FROM reservations WHERE shipped > 0 GROUP BY order_id
      ) AS r FULL JOIN (
        SELECT aggregate_id AS order_id, sum((payload ->> 'quantity')::integer) AS told
        FROM events WHERE aggregate_type = 'order' AND type = 'order.units_shipped' GROUP BY aggregate_id
      ) AS e USING (order_id)
      WHERE coalesce(r.shipped, 0) <> coalesce(e.told, 0)`,
  },
  // An index of the orders that have customers, and accounts by hash.
  {
    invariant: 'orders-have-known-customers',
    sentence: 'The customer of an order has an account, which may be erased.',
    violations: `
      SELECT o.id AS "orderId", o.customer_id AS "customerId"
      FROM orders o LEFT JOIN accounts a ON a.id = o.customer_id
      WHERE o.customer_id IS NOT NULL AND a.id IS NULL`,
  },
  // One pass each over orders, recipients and accounts, joined by hash.
  {
    invariant: 'delivered-orders-have-recipients',
    sentence: 'An order that the shop delivers has a recipient, unless its customer was erased.',
    violations: `
      SELECT o.id AS "orderId", o.customer_id AS "customerId"
      FROM orders o
        LEFT JOIN order_recipients r ON r.order_id = o.id
        LEFT JOIN accounts a ON a.id = o.customer_id
      WHERE o.delivers AND r.order_id IS NULL AND a.status IS DISTINCT FROM 'erased'`,
  },
  // One pass over the recipients, and orders and accounts by hash.
  {
    invariant: 'erased-customers-have-no-recipients',
    sentence: 'Nobody who was erased is the customer of an order or a cart with a recipient.',
    violations: `
      SELECT o.id AS "orderId", NULL::uuid AS "cartId", a.id AS "customerId"
      FROM accounts a JOIN orders o ON o.customer_id = a.id JOIN order_recipients r ON r.order_id = o.id
      WHERE a.status = 'erased'
      UNION ALL
      SELECT NULL, c.id, a.id
      FROM accounts a JOIN carts c ON c.customer_id = a.id JOIN cart_recipients r ON r.cart_id = c.id
      WHERE a.status = 'erased'`,
  },
  // A partial index of the carts that have customers, and accounts by hash.
  {
    invariant: 'joined-carts-have-known-customers',
    sentence: 'The customer of a cart has an account, which may be erased.',
    violations: `
      SELECT c.id AS "cartId", c.customer_id AS "customerId"
      FROM carts c LEFT JOIN accounts a ON a.id = c.customer_id
      WHERE c.customer_id IS NOT NULL AND a.id IS NULL`,
  },
  movesAlongItsTable(ORDER, {
    beginning: 'order.created',
    statusAfter: {
      'order.created': 'awaiting_payment',
      'order.reopened': 'awaiting_payment',
      'order.paid': 'placed',
      'order.expired': 'expired',
      'order.cancelled': 'cancelled',
    },
    transitions: ORDER_TRANSITIONS,
  }),
  journalHasNoGaps(ORDER),
];
