import { rows, statement, type Transaction } from '../sql';
import { lockPurchaseOrder, setAttention, type LockedPurchaseOrder } from './lock-purchase-order';
import { requirePurchaseOrderState, type PurchaseOrderState } from './purchase-order-state';
import type { OrderAt } from './submit-purchase-order';
import { patienceEndsAfter } from './supplier-instants';

/** How long an order may await approval. */
export interface ApprovalPatience {
  /** Until somebody is reminded. */
  readonly remindAfterMs: number;
  /** From then on, until it needs somebody. */
  readonly escalateAfterMs: number;
}

const PLAN = statement('UPDATE purchase_orders SET remind_at = $2 WHERE id = $1');

const REMIND = statement(
  'UPDATE purchase_orders SET reminders = reminders + 1, remind_at = $2 WHERE id = $1',
);

/**
 * Counts that an order is late, or not approved, when its instant has come. When it comes again, the order needs somebody. The units
 * of a late one stay expected until a person closes the order. The first call for an order that awaits approval only sets the instant.
 */
export async function remindAboutOrder(
  transaction: Transaction,
  { orderId, at, patience }: OrderAt & { readonly patience: ApprovalPatience },
): Promise<PurchaseOrderState> {
  const now = new Date(at);
  const order = await lockPurchaseOrder(transaction, orderId, now);
  const { status } = order;
  if (status === 'awaiting_approval') {
    if (order.hasReminder) await remind(transaction, order, new Date(at + patience.escalateAfterMs));
    else await rows(transaction, PLAN, [orderId, new Date(at + patience.remindAfterMs)]);
  } else if (status === 'ordered' || status === 'partly_received') {
    await remind(transaction, order, await patienceEndsAfter(transaction, now));
  }
  return requirePurchaseOrderState(transaction, orderId);
}

async function remind(
  transaction: Transaction,
  { id, status, reminders, isReminderDue }: LockedPurchaseOrder,
  next: Date,
): Promise<void> {
  if (!isReminderDue) return;
  await rows(transaction, REMIND, [id, next]);
  if (reminders === 0) return;
  await setAttention(transaction, id, status === 'awaiting_approval' ? 'unapproved' : 'late');
}
