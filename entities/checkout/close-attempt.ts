import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** The end of an attempt that will pay for nothing. */
export interface CloseAttempt {
  readonly orderId: string;
  readonly attemptId: string;
  /** Why the opening failed. Absent when the attempt was only watched to its end. */
  readonly failureCode?: string;
}

const CLOSE = statement<{ gateway: string }>(
  `WITH locked AS MATERIALIZED (SELECT id, status FROM orders WHERE id = $1 FOR UPDATE),
   closed AS (
     UPDATE payment_attempts p SET status = 'closed', failure_code = coalesce($3, p.failure_code)
     FROM locked
     WHERE p.id = $2 AND p.order_id = locked.id
       AND (p.status IN ('requesting', 'refused') OR (p.status = 'open' AND locked.status <> 'awaiting_payment'))
     RETURNING p.id, p.gateway
   ), seen AS (
     UPDATE payment_callbacks c SET processed_at = now() FROM closed
     WHERE c.attempt_id = closed.id AND c.processed_at IS NULL
   )
   SELECT gateway FROM closed`,
  { gateway: text },
);

/**
 * Closes an attempt whose opening failed or was lost, or one that was watched long enough. An attempt that is verifying,
 * captured or closed stays as it is, and so does an open one while its order awaits payment.
 */
export async function closeAttempt(transaction: Transaction, input: CloseAttempt): Promise<OrderState> {
  const closed = await row(transaction, CLOSE, [input.orderId, input.attemptId, input.failureCode ?? null]);
  if (closed && input.failureCode !== undefined) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_unavailable',
      payload: { attemptId: input.attemptId, gateway: closed.gateway, reason: 'gateway_unavailable' },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
