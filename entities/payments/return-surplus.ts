import { recordOrderEvents } from '../events/record-order-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { row, rows, type Transaction } from '../sql';
import { rials } from '../values/money';
import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT } from './ledger-entry';

/** A surplus capture that goes back to its buyer. */
export interface SurplusReturn {
  readonly orderId: string;
  readonly attemptId: string;
}

/** Writes down that the gateway is about to be asked for the money, before it is asked. */
export async function beginReturn(transaction: Transaction, input: SurplusReturn): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_attempts SET return_pending = captured - returned
     WHERE id = $2 AND order_id = $1 AND status = 'surplus' AND return_pending = 0`,
    [input.orderId, input.attemptId],
  );
  return requireOrderState(transaction, input.orderId);
}

/** The gateway said no for good: the money is still owed and nothing is outstanding. */
export async function abandonReturn(
  transaction: Transaction,
  input: SurplusReturn & { readonly failureCode: string },
): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_attempts SET return_pending = 0, failure_code = $3
     WHERE id = $2 AND order_id = $1 AND status = 'surplus'`,
    [input.orderId, input.attemptId, input.failureCode],
  );
  return requireOrderState(transaction, input.orderId);
}

/** The money is back with the buyer, by the gateway or by hand: what was owed is settled, once. */
export async function recordReturned(transaction: Transaction, input: SurplusReturn): Promise<OrderState> {
  const returned = await row<{ gateway: string; amount: number }>(
    transaction,
    `WITH locked AS MATERIALIZED (SELECT id FROM orders WHERE id = $1 FOR UPDATE),
     owed AS MATERIALIZED (
       SELECT p.id, p.captured - p.returned AS amount FROM payment_attempts p JOIN locked ON locked.id = p.order_id
       WHERE p.id = $2 AND p.status = 'surplus' AND p.returned < p.captured FOR UPDATE OF p
     ), returned AS (
       UPDATE payment_attempts p SET returned = p.captured, return_pending = 0, failure_code = NULL
       FROM owed WHERE p.id = owed.id
       RETURNING p.id, p.gateway, owed.amount, p.currency
     ), posted AS (
       INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
       SELECT 'return:' || id, 1, $1, $4, $3 || gateway, amount, currency FROM returned
     )
     SELECT gateway, amount FROM returned`,
    [input.orderId, input.attemptId, gatewayAccount(''), OWED_TO_BUYERS_ACCOUNT],
  );
  if (returned) {
    await recordOrderEvents(transaction, input.orderId, {
      type: 'order.payment_returned',
      payload: { attemptId: input.attemptId, gateway: returned.gateway, amount: rials(returned.amount) },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
