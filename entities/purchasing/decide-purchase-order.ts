import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import {
  beginSupplierMessage,
  closeMessage,
  endMissingLines,
  lockPurchaseOrder,
  movePurchaseOrder,
  type LockedPurchaseOrder,
} from './lock-purchase-order';
import { changed, unchanged, type RequestedChange } from './purchase-order-state';
import { PURCHASE_ORDER } from './purchasing.events';
import { sendOrder, type OrderAt } from './submit-purchase-order';

/** Somebody of the staff who decides about an order. */
export interface OrderDecision extends OrderAt {
  readonly accountId: string;
}

const WROTE = statement<{ wrote: boolean }>(
  `SELECT EXISTS (SELECT 1 FROM purchase_order_requests WHERE order_id = $1 AND account_id = $2) AS wrote`,
  { wrote: boolean },
);

const APPROVE = statement('UPDATE purchase_orders SET approved_by = $2 WHERE id = $1');

/**
 * Lets an order go out. Nobody approves an order with lines of their own. One that the same person has approved stays so.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_awaiting_approval`, `purchase_orders.own_approval`
 */
export async function approveOrder(
  transaction: Transaction,
  { orderId, accountId, at }: OrderDecision,
): Promise<RequestedChange> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  if (order.approvedBy === accountId) return unchanged(transaction, orderId);
  assertThat(order.status === 'awaiting_approval', 'purchase_orders.not_awaiting_approval');
  const written = await row(transaction, WROTE, [orderId, accountId]);
  assertThat(order.createdBy !== accountId && !written!.wrote, 'purchase_orders.own_approval');
  await rows(transaction, APPROVE, [orderId, accountId]);
  await sendOrder(transaction, order, { at: new Date(at), isApproved: true });
  return changed(transaction, orderId);
}

/**
 * Ends an order that nobody approves. One that has ended so stays so.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_awaiting_approval`
 */
export async function rejectOrder(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<RequestedChange> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  if (order.status === 'cancelled') return unchanged(transaction, orderId);
  assertThat(order.status === 'awaiting_approval', 'purchase_orders.not_awaiting_approval');
  await cancel(transaction, order, { at: new Date(at), reason: 'rejected' });
  return changed(transaction, orderId);
}

/**
 * Ends an order of which nothing has come. A supplier that may know of it is told. One that was cancelled before stays so.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.not_cancellable`
 */
export async function cancelOrder(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<RequestedChange> {
  const order = await lockPurchaseOrder(transaction, orderId, new Date(at));
  switch (order.status) {
    case 'cancelled':
      return unchanged(transaction, orderId);
    case 'collecting':
    case 'awaiting_approval':
    case 'sending':
    case 'ordered':
      await cancel(transaction, order, { at: new Date(at), reason: 'cancelled' });
      return changed(transaction, orderId);
    default:
      throw new AppError('purchase_orders.not_cancellable');
  }
}

const MAY_KNOW = statement<{ mayKnow: boolean }>(
  `SELECT EXISTS (SELECT 1 FROM supplier_messages WHERE order_id = $1 AND attempts > 0) AS "mayKnow"`,
  { mayKnow: boolean },
);

const NEXT_REVISION = statement('UPDATE purchase_orders SET revision = revision + 1 WHERE id = $1');

async function cancel(
  transaction: Transaction,
  order: LockedPurchaseOrder,
  { at, reason }: { readonly at: Date; readonly reason: 'rejected' | 'cancelled' },
): Promise<void> {
  const { id, revision } = order;
  await closeMessage(transaction, order);
  await movePurchaseOrder(transaction, id, { to: 'cancelled', at });
  if ((await row(transaction, MAY_KNOW, [id]))!.mayKnow) {
    await rows(transaction, NEXT_REVISION, [id]);
    await beginSupplierMessage(transaction, order, { revision: revision + 1, kind: 'cancel', at });
  }
  await recordEvents(transaction, PURCHASE_ORDER, id, {
    type: 'purchase_order.cancelled',
    payload: { reason },
  });
  await endMissingLines(transaction, id);
}
