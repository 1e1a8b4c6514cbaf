import { createHash } from 'node:crypto';

import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { bookStockMany } from '../inventory/book-stock';
import { boolean, integer, text, uuid } from '../row-shape';
import { breaksConstraint, row, rows, statement, type Transaction } from '../sql';
import type { OrderDecision } from './decide-purchase-order';
import {
  acknowledgeOrder,
  endMissingLines,
  lockPurchaseOrder,
  movePurchaseOrder,
  type LockedPurchaseOrder,
} from './lock-purchase-order';
import { MOST_LINE_UNITS } from './purchase-order-line';
import { changed, unchanged, type RequestedChange } from './purchase-order-state';
import type { PurchaseOrderStatus } from './purchase-order-status';
import { PURCHASE_ORDER, type PurchaseOrderEvents } from './purchasing.events';

/** What came of one variant. */
export interface ReceivedLine {
  readonly variantId: string;
  /** Units that go into stock, also beyond the order. */
  readonly received: number;
  /** Units that go back at once. They are still expected. */
  readonly refused: number;
}

/** A delivery as somebody of the staff has counted it. */
export interface ReceiveGoods extends OrderDecision {
  /** Made by whoever counts: the same delivery is booked once. */
  readonly receiptId: string;
  readonly lines: readonly ReceivedLine[];
  readonly note: string | null;
}

const RECEIPT = statement<{ orderId: string; digest: string }>(
  `SELECT order_id AS "orderId", request_digest AS digest FROM purchase_order_receipts WHERE id = $1`,
  { orderId: uuid, digest: text },
);

/** Deliveries of one order. More are a mistake, and its page shows them all. */
const MOST_RECEIPTS = 100;

const RECEIPTS = statement<{ receipts: number }>(
  'SELECT count(*) AS receipts FROM purchase_order_receipts WHERE order_id = $1',
  { receipts: integer },
);

const ADD_RECEIPT = statement(
  `INSERT INTO purchase_order_receipts (id, order_id, account_id, request_digest, note, received_at)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);

const RECEIVE = statement<{ variantId: string }>(
  `UPDATE purchase_order_lines l
   SET received = l.received + came.received, over = greatest(0, l.received + came.received - l.ordered)
   FROM jsonb_to_recordset($2::jsonb) AS came("variantId" uuid, received integer)
   WHERE l.order_id = $1 AND l.variant_id = came."variantId" AND l.received::bigint + came.received <= ${MOST_LINE_UNITS}
   RETURNING l.variant_id AS "variantId"`,
  { variantId: uuid },
);

const KNOWN = statement<{ variantId: string }>(
  `SELECT variant_id AS "variantId" FROM purchase_order_lines WHERE order_id = $1`,
  { variantId: uuid },
);

const ADD_LINES = statement(
  `INSERT INTO purchase_order_receipt_lines (receipt_id, variant_id, order_id, received, refused)
   SELECT $1, "variantId", $2, received, refused
   FROM jsonb_to_recordset($3::jsonb) AS came("variantId" uuid, received integer, refused integer)`,
);

const STANDING = statement<{ missing: number; hasAny: boolean }>(
  `SELECT coalesce(sum(greatest(0, ordered - received)), 0)::bigint AS missing,
     coalesce(bool_or(received > 0), false) AS "hasAny"
   FROM purchase_order_lines WHERE order_id = $1`,
  { missing: integer, hasAny: boolean },
);

/**
 * Books a delivery into the stock of the place where the order arrives, once. Goods that come after the end of an order are booked
 * all the same.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_ordered`, `purchase_orders.line_unknown`,
 *   `purchase_orders.line_empty`, `purchase_orders.too_many_units`, `purchase_orders.too_many_receipts`, `stock.too_many_units`,
 *   `purchase_orders.receipt_differs`
 */
export async function receiveGoods(transaction: Transaction, input: ReceiveGoods): Promise<RequestedChange> {
  const { orderId, receiptId, accountId, lines, note } = input;
  const at = new Date(input.at);
  const order = await lockPurchaseOrder(transaction, orderId, at);
  const known = await row(transaction, RECEIPT, [receiptId]);
  const digest = digestOf(input);
  if (known) {
    assertThat(known.orderId === orderId && known.digest === digest, 'purchase_orders.receipt_differs');
    return unchanged(transaction, orderId);
  }
  assertThat(
    order.status !== 'collecting' && order.status !== 'awaiting_approval',
    'purchase_orders.not_ordered',
  );
  const { receipts } = (await row(transaction, RECEIPTS, [orderId]))!;
  assertThat(receipts < MOST_RECEIPTS, 'purchase_orders.too_many_receipts', { limit: MOST_RECEIPTS });
  if (order.status === 'sending') await acknowledgeOrder(transaction, order, at);
  const isEmpty = lines.some(({ received, refused }) => received + refused === 0);
  assertThat(!isEmpty, 'purchase_orders.line_empty');
  const booked = await rows(transaction, RECEIVE, [orderId, JSON.stringify(lines)]);
  if (booked.length < lines.length) await refuseLines(transaction, orderId, lines, booked);
  await rows(transaction, ADD_RECEIPT, [receiptId, orderId, accountId, digest, note, at]).catch(
    (error: unknown) => {
      // Another order has got the receipt since it was looked for.
      const isTaken = breaksConstraint(error, 'pk_purchase_order_receipts');
      throw isTaken ? new AppError('purchase_orders.receipt_differs') : error;
    },
  );
  await rows(transaction, ADD_LINES, [receiptId, orderId, JSON.stringify(lines)]);
  await follow(transaction, order, receiptId, at);
  const bookings = lines.filter(({ received }) => received > 0);
  if (bookings.length > 0) {
    await bookStockMany(
      transaction,
      bookings.map(({ variantId, received }) => ({
        ...{ variantId, locationId: order.locationId, delta: received },
        ...{ reason: 'received' as const, ref: `receipt:${receiptId}`, actorId: accountId },
      })),
    );
  }
  return changed(transaction, orderId);
}

/** Says why some lines were not booked: the order has no such line, or too much has come of it. */
async function refuseLines(
  transaction: Transaction,
  orderId: string,
  lines: readonly ReceivedLine[],
  booked: readonly { readonly variantId: string }[],
): Promise<never> {
  const known = new Set((await rows(transaction, KNOWN, [orderId])).map(({ variantId }) => variantId));
  for (const { variantId } of booked) known.delete(variantId);
  const full = lines.find(({ variantId }) => known.has(variantId));
  if (!full) throw new AppError('purchase_orders.line_unknown');
  throw new AppError('purchase_orders.too_many_units', { variantId: full.variantId, limit: MOST_LINE_UNITS });
}

/** Moves the order by what is still missing. */
async function follow(
  transaction: Transaction,
  { id, status }: LockedPurchaseOrder,
  receiptId: string,
  at: Date,
): Promise<void> {
  const { missing, hasAny } = (await row(transaction, STANDING, [id]))!;
  const isOpen = status === 'sending' || status === 'ordered' || status === 'partly_received';
  const type = eventOf(isOpen, missing, hasAny);
  const to: Partial<Record<typeof type, PurchaseOrderStatus>> = {
    'purchase_order.received': 'received',
    'purchase_order.partly_received': 'partly_received',
  };
  const next = to[type];
  if (next !== undefined && next !== status) await movePurchaseOrder(transaction, id, { to: next, at });
  await recordEvents(transaction, PURCHASE_ORDER, id, { type, payload: { receiptId } });
}

type ReceiptEvent = Extract<
  keyof PurchaseOrderEvents,
  `purchase_order.${'received' | 'partly_received' | 'received_late' | 'goods_refused'}`
>;

function eventOf(isOpen: boolean, missing: number, hasAny: boolean): ReceiptEvent {
  if (!isOpen) return 'purchase_order.received_late';
  if (!hasAny) return 'purchase_order.goods_refused';
  return missing === 0 ? 'purchase_order.received' : 'purchase_order.partly_received';
}

function digestOf({ orderId, lines, note }: ReceiveGoods): string {
  const ordered = lines
    .map(({ variantId, received, refused }) => [variantId, received, refused])
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
  return createHash('sha256')
    .update(JSON.stringify([orderId, ordered, note]))
    .digest('hex');
}

/**
 * Ends an order although goods are missing: nobody expects them any more. One that was closed short before stays so.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_open`
 */
export async function closeOrderShort(
  transaction: Transaction,
  { orderId, at }: { readonly orderId: string; readonly at: number },
): Promise<RequestedChange> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  if (order.status === 'closed_short') return unchanged(transaction, orderId);
  assertThat(order.status === 'ordered' || order.status === 'partly_received', 'purchase_orders.not_open');
  const { missing } = (await row(transaction, STANDING, [orderId]))!;
  await movePurchaseOrder(transaction, orderId, { to: 'closed_short', at: new Date(at) });
  await recordEvents(transaction, PURCHASE_ORDER, orderId, {
    type: 'purchase_order.closed_short',
    payload: { missing },
  });
  await endMissingLines(transaction, orderId);
  return changed(transaction, orderId);
}
