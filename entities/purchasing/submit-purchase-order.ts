import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import {
  beginSupplierMessage,
  lockPurchaseOrder,
  movePurchaseOrder,
  type LockedPurchaseOrder,
} from './lock-purchase-order';
import {
  changed,
  requirePurchaseOrderState,
  unchanged,
  type PurchaseOrderState,
  type RequestedChange,
} from './purchase-order-state';
import type { OrderApprovalReason } from './purchase-order-status';
import { PURCHASE_ORDER } from './purchasing.events';

/** One purchase order, and the present by the clock of the caller. */
export interface OrderAt {
  readonly orderId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Submits an order whose cut-off has come. Any other stays as it is. */
export async function submitDueOrder(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<PurchaseOrderState> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  if (order.status === 'collecting' && order.isPastCutoff) await submit(transaction, order, new Date(at));
  return requirePurchaseOrderState(transaction, orderId);
}

/**
 * Submits a collecting order before its cut-off, because somebody wants it. One that was submitted before is answered as it is: the
 * first answer may have been lost.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_collecting`
 */
export async function submitOrderNow(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<RequestedChange> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  assertThat(order.status !== 'cancelled', 'purchase_orders.not_collecting');
  if (order.status !== 'collecting') return unchanged(transaction, orderId);
  await submit(transaction, order, new Date(at));
  return changed(transaction, orderId);
}

const VALUE = statement<{ value: number; isComplete: boolean }>(
  `SELECT least(coalesce(sum(ordered::numeric * unit_cost), 0), ${Number.MAX_SAFE_INTEGER})::bigint AS value,
     bool_and(unit_cost IS NOT NULL) AS "isComplete"
   FROM purchase_order_lines WHERE order_id = $1`,
  { value: integer, isComplete: boolean },
);

const KEEP_REASONS = statement('UPDATE purchase_orders SET approval_reasons = $2 WHERE id = $1');

async function submit(transaction: Transaction, order: LockedPurchaseOrder, at: Date): Promise<void> {
  const { value, isComplete } = (await row(transaction, VALUE, [order.id]))!;
  const reasons = approvalReasons(order, value, isComplete);
  if (reasons.length === 0) return sendOrder(transaction, order, { at, isApproved: false });
  await rows(transaction, KEEP_REASONS, [order.id, reasons]);
  await movePurchaseOrder(transaction, order.id, { to: 'awaiting_approval', at });
  await recordEvents(transaction, PURCHASE_ORDER, order.id, {
    type: 'purchase_order.approval_needed',
    payload: { reasons },
  });
}

function approvalReasons(
  order: LockedPurchaseOrder,
  value: number,
  isComplete: boolean,
): OrderApprovalReason[] {
  const { approvalLimit, minimumValue } = order;
  const reasons = new Set(order.approvalReasons);
  if (approvalLimit !== null && !isComplete) reasons.add('unknown_cost');
  if (approvalLimit !== null && value > approvalLimit) reasons.add('value');
  if (minimumValue !== null && value < minimumValue) reasons.add('below_minimum');
  if (order.supplierStatus === 'paused') reasons.add('supplier_paused');
  return [...reasons].toSorted();
}

/** Begins to tell the supplier of a locked order. */
export async function sendOrder(
  transaction: Transaction,
  order: LockedPurchaseOrder,
  { at, isApproved }: { readonly at: Date; readonly isApproved: boolean },
): Promise<void> {
  const { id, revision } = order;
  await movePurchaseOrder(transaction, id, { to: 'sending', at });
  await beginSupplierMessage(transaction, order, { revision, kind: 'order', at });
  await recordEvents(transaction, PURCHASE_ORDER, id, {
    type: 'purchase_order.submitted',
    payload: { revision, isApproved },
  });
}
