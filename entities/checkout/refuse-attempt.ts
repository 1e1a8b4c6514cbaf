import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER, type PaymentRefusal } from '../orders/orders.events';
import { text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** The decision not to take an attempt's money. */
export interface RefuseAttempt {
  readonly orderId: string;
  readonly attemptId: string;
  readonly reason: PaymentRefusal;
  readonly failureCode?: string;
}

const REFUSE = statement<{ gateway: string }>(
  `WITH locked AS MATERIALIZED (SELECT id FROM orders WHERE id = $1 FOR UPDATE),
   refused AS (
     UPDATE payment_attempts p SET status = 'refused', failure_code = coalesce($3, p.failure_code)
     FROM locked
     WHERE p.id = $2 AND p.order_id = locked.id AND p.status IN ('open', 'verifying')
     RETURNING p.id, p.gateway
   ), seen AS (
     UPDATE payment_callbacks c SET processed_at = now() FROM refused
     WHERE c.attempt_id = refused.id AND c.processed_at IS NULL
   )
   SELECT gateway FROM refused`,
  { gateway: text },
);

/** Refuses an open or verifying attempt. It is never verified again, and money that was paid goes back by itself. */
export async function refuseAttempt(transaction: Transaction, input: RefuseAttempt): Promise<OrderState> {
  const refused = await row(transaction, REFUSE, [input.orderId, input.attemptId, input.failureCode ?? null]);
  if (refused) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_refused',
      payload: { attemptId: input.attemptId, gateway: refused.gateway, reason: input.reason },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
