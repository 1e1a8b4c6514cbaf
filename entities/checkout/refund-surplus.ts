import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT } from '../payments/ledger-entry';
import { row, rows, type Transaction } from '../sql';
import { rials } from '../values/money';

/** A surplus capture that goes back to its buyer. */
export interface SurplusRefund {
  readonly orderId: string;
  readonly attemptId: string;
}

/** Writes down that the gateway is about to be asked for the money, before it is asked. */
export async function beginRefund(transaction: Transaction, input: SurplusRefund): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_attempts SET refund_pending = captured - refunded
     WHERE id = $2 AND order_id = $1 AND status = 'surplus' AND refund_pending = 0`,
    [input.orderId, input.attemptId],
  );
  return requireOrderState(transaction, input.orderId);
}

/** The gateway said no for good: the money is still owed and nothing is outstanding. */
export async function abandonRefund(
  transaction: Transaction,
  input: SurplusRefund & { readonly failureCode: string },
): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_attempts SET refund_pending = 0, failure_code = $3
     WHERE id = $2 AND order_id = $1 AND status = 'surplus'`,
    [input.orderId, input.attemptId, input.failureCode],
  );
  return requireOrderState(transaction, input.orderId);
}

/** The money is back with the buyer, by the gateway or by hand: what was owed is settled, once. */
export async function recordRefunded(transaction: Transaction, input: SurplusRefund): Promise<OrderState> {
  const refunded = await row<{ gateway: string; amount: number }>(
    transaction,
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
    [input.orderId, input.attemptId, gatewayAccount(''), OWED_TO_BUYERS_ACCOUNT],
  );
  if (refunded) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_refunded',
      payload: { attemptId: input.attemptId, gateway: refunded.gateway, amount: rials(refunded.amount) },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
