import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT } from '../payments/ledger-entry';
import { integer, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { money } from '../values/money';

/** Money that a gateway took although no order wants it. */
export interface RecordSurplus {
  readonly orderId: string;
  readonly attemptId: string;
  /** The gateway's receipt, if it gave one. */
  readonly refId?: string;
}

const RECORD = statement<{ gateway: string; amount: number }>(
  `WITH locked AS MATERIALIZED (SELECT id FROM orders WHERE id = $1 FOR UPDATE),
   surplus AS (
     UPDATE payment_attempts p
     SET status = 'surplus', captured = p.amount, ref_id = coalesce($3, p.ref_id), failure_code = NULL
     FROM locked
     WHERE p.id = $2 AND p.order_id = locked.id AND p.status IN ('verifying', 'refused', 'closed')
     RETURNING p.id, p.gateway, p.amount, p.currency
   ), posted AS (
     INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
     SELECT 'capture:' || id, 1, $1, $4 || gateway, $5, amount, currency FROM surplus
   ), seen AS (
     UPDATE payment_callbacks c SET processed_at = now() FROM surplus
     WHERE c.attempt_id = surplus.id AND c.processed_at IS NULL
   )
   SELECT gateway, amount FROM surplus`,
  { gateway: text, amount: integer },
);

/**
 * Books the money as owed to the buyer until it is refunded. An attempt that settled its order stays as it is. An earlier
 * failure is cleared: from now on a failure code says why the gateway does not refund the money.
 */
export async function recordSurplus(transaction: Transaction, input: RecordSurplus): Promise<OrderState> {
  const surplus = await row(transaction, RECORD, [
    input.orderId,
    input.attemptId,
    input.refId ?? null,
    gatewayAccount(''),
    OWED_TO_BUYERS_ACCOUNT,
  ]);
  if (surplus) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_surplus',
      payload: { attemptId: input.attemptId, gateway: surplus.gateway, amount: money(surplus.amount) },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
