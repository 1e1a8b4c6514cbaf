import { rows, statement, type Transaction } from '../sql';
import { lockPurchaseOrder, setAttention } from './lock-purchase-order';
import { requirePurchaseOrderState, type PurchaseOrderState } from './purchase-order-state';
import type { OrderAt } from './submit-purchase-order';
import { patienceEndsAfter } from './supplier-instants';

const REMIND = statement(
  'UPDATE purchase_orders SET reminders = reminders + 1, remind_at = $2 WHERE id = $1',
);

/**
 * Counts that an order is late, when its instant has come. After two working days more it needs somebody. The units stay expected
 * until a person closes the order.
 */
export async function remindAboutOrder(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<PurchaseOrderState> {
  const now = new Date(at);
  const order = await lockPurchaseOrder(transaction, orderId, now);
  const isExpected = order.status === 'ordered' || order.status === 'partly_received';
  if (isExpected && order.isReminderDue) {
    await rows(transaction, REMIND, [orderId, await patienceEndsAfter(transaction, now)]);
    if (order.reminders > 0) await setAttention(transaction, orderId, 'late');
  }
  return requirePurchaseOrderState(transaction, orderId);
}
