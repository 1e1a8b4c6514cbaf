import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import { movesAlongItsTable } from '../events/moves-along-its-table';
import type { Invariant } from '../invariant';
import { PURCHASE_ORDER_TRANSITIONS } from './purchase-order-status';
import { PURCHASE_ORDER, SUPPLIER } from './purchasing.events';

/** What holds at every instant for purchase orders. */
export const PURCHASING_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(SUPPLIER),
  journalHasNoGaps(PURCHASE_ORDER),
  movesAlongItsTable(PURCHASE_ORDER, {
    beginning: 'purchase_order.begun',
    statusAfter: {
      'purchase_order.begun': 'collecting',
      'purchase_order.approval_needed': 'awaiting_approval',
      'purchase_order.submitted': 'sending',
      'purchase_order.ordered': 'ordered',
      'purchase_order.partly_received': 'partly_received',
      'purchase_order.received': 'received',
      'purchase_order.closed_short': 'closed_short',
      'purchase_order.cancelled': 'cancelled',
      'purchase_order.refused': 'refused',
    },
    transitions: PURCHASE_ORDER_TRANSITIONS,
    mayStay: true,
  }),
  // One pass each over the lines, requests and receipts, joined by hash.
  {
    invariant: 'purchase-lines-are-sums',
    sentence: 'An order line is the sum of its requests, and what came of it the sum of its receipts.',
    violations: `
      SELECT order_id AS "purchaseOrderId", variant_id AS "variantId", l.ordered, r.quantity AS requested,
        l.received, coalesce(d.received, 0) AS delivered
      FROM purchase_order_lines l LEFT JOIN (
        SELECT order_id, variant_id, sum(quantity) AS quantity FROM purchase_order_requests GROUP BY order_id, variant_id
      ) AS r USING (order_id, variant_id) LEFT JOIN (
        SELECT order_id, variant_id, sum(received) AS received
        FROM purchase_order_receipt_lines GROUP BY order_id, variant_id
      ) AS d USING (order_id, variant_id)
      WHERE l.ordered IS DISTINCT FROM r.quantity OR l.received <> coalesce(d.received, 0)`,
  },
  // One pass over the orders and one over their lines, joined by hash.
  {
    invariant: 'purchase-orders-have-lines',
    sentence: 'A purchase order has lines, and is received exactly when nothing of them is missing.',
    violations: `
      SELECT o.id AS "purchaseOrderId", o.status, l.lines, l.missing, l.received
      FROM purchase_orders o LEFT JOIN (
        SELECT order_id, count(*) AS lines, sum(greatest(0, ordered - received)) AS missing, sum(received) AS received
        FROM purchase_order_lines GROUP BY order_id
      ) AS l ON l.order_id = o.id
      WHERE l.lines IS NULL OR (o.status = 'received' AND l.missing > 0)
        OR (o.status IN ('sending', 'ordered', 'partly_received') AND l.missing = 0)
        OR (o.status IN ('collecting', 'awaiting_approval', 'sending', 'ordered') AND l.received > 0)`,
  },
  // One pass over the receipts, and the movements of each by their unique index.
  {
    invariant: 'receipts-are-booked',
    sentence: 'What a receipt brought was booked into the stock of the place where the order arrives, once.',
    violations: `
      SELECT d.receipt_id AS "receiptId", d.variant_id AS "variantId", d.received, m.delta AS booked
      FROM purchase_order_receipt_lines d JOIN purchase_orders o ON o.id = d.order_id
        LEFT JOIN stock_movements m ON m.reason = 'received' AND m.ref = 'receipt:' || d.receipt_id
          AND m.variant_id = d.variant_id AND m.location_id = o.location_id
      WHERE d.received <> coalesce(m.delta, 0)`,
  },
  // One pass over the messages, and their orders by key.
  {
    invariant: 'suppliers-are-told-of-orders',
    sentence: 'An order that a supplier should have has a message, and each of its revisions has one.',
    violations: `
      SELECT o.id AS "purchaseOrderId", o.status, o.revision, m.messages
      FROM purchase_orders o LEFT JOIN (
        SELECT order_id, count(*) AS messages, max(revision) AS newest FROM supplier_messages GROUP BY order_id
      ) AS m ON m.order_id = o.id
      WHERE (o.status IN ('sending', 'ordered', 'partly_received', 'received', 'closed_short', 'refused')
          AND m.messages IS NULL)
        OR m.messages <> m.newest OR m.newest <> o.revision`,
  },
  // One pass over the orders that were approved, and their requests by an index.
  {
    invariant: 'authors-approve-nothing',
    sentence: 'Nobody has approved an order of their own.',
    violations: `
      SELECT o.id AS "purchaseOrderId", o.approved_by AS "accountId" FROM purchase_orders o
      WHERE o.approved_by IS NOT NULL AND (o.approved_by = o.created_by OR EXISTS (
        SELECT 1 FROM purchase_order_requests r WHERE r.order_id = o.id AND r.account_id = o.approved_by))`,
  },
  // One pass over the replies.
  {
    invariant: 'supplier-replies-are-erased',
    sentence: 'What a judged reply of a supplier said is not kept.',
    violations: `
      SELECT id AS "replyId", verdict FROM supplier_replies
      WHERE (processed_at IS NOT NULL) <> (body IS NULL) OR (processed_at IS NOT NULL) <> (verdict IS NOT NULL)`,
  },
];
