import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { PaymentAttempt } from '../payments/attempt';
import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT } from '../payments/ledger-entry';
import { integer, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { money } from '../values/money';

/** The refund of a surplus capture to its buyer. */
export interface SurplusRefund {
  readonly orderId: string;
  readonly attemptId: string;
}

const RECORD_REFUNDED = statement<{ gateway: string; amount: number }>(
  `WITH locked AS MATERIALIZED (SELECT id FROM orders WHERE id = $1 FOR UPDATE),
   owed AS MATERIALIZED (
     SELECT p.id, p.captured - p.refunded AS amount FROM payment_attempts p JOIN locked ON locked.id = p.order_id
     WHERE p.id = $2 AND p.status = 'surplus' AND p.refunded < p.captured FOR UPDATE OF p
   ), refunded AS (
     UPDATE payment_attempts p SET refunded = p.captured, refund_pending = 0, failure_code = NULL
     FROM owed WHERE p.id = owed.id
     RETURNING p.id, p.gateway, owed.amount, p.currency
   ), posted AS (
     INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
     SELECT 'refund:' || id, 1, $1, $4, $3 || gateway, amount, currency FROM refunded
   )
   SELECT gateway, amount FROM refunded`,
  { gateway: text, amount: integer },
);

/** Records that the gateway is about to be asked for the refund, before it is asked. */
export async function beginRefund(
  transaction: Transaction,
  { orderId, attemptId }: SurplusRefund,
): Promise<OrderState> {
  await transaction.update(
    PaymentAttempt,
    { id: attemptId, orderId, status: 'surplus', refundPending: 0 },
    { refundPending: () => 'captured - refunded' },
  );
  return requireOrderState(transaction, orderId);
}

/** Records a final refusal of the gateway: the money is still owed, and no refund is outstanding. */
export async function abandonRefund(
  transaction: Transaction,
  { orderId, attemptId, failureCode }: SurplusRefund & { readonly failureCode: string },
): Promise<OrderState> {
  await transaction.update(
    PaymentAttempt,
    { id: attemptId, orderId, status: 'surplus' },
    { refundPending: 0, failureCode },
  );
  return requireOrderState(transaction, orderId);
}

/** Records, once, that the buyer has the money back, from the gateway or by hand. */
export async function recordRefunded(transaction: Transaction, input: SurplusRefund): Promise<OrderState> {
  const refunded = await row(transaction, RECORD_REFUNDED, [
    input.orderId,
    input.attemptId,
    gatewayAccount(''),
    OWED_TO_BUYERS_ACCOUNT,
  ]);
  if (refunded) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_refunded',
      payload: { attemptId: input.attemptId, gateway: refunded.gateway, amount: money(refunded.amount) },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
