import { requireOrderState, type OrderState } from '../orders/order-state';
import { rows, type Transaction } from '../sql';

/** The callbacks of an attempt up to an instant were answered by asking its gateway, without taking anything. */
export interface MarkCallbacksProcessed {
  readonly orderId: string;
  readonly attemptId: string;
  /** When the gateway was asked, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/** Marks those callbacks as processed, so that no sweep wakes the workflow for them again. */
export async function markCallbacksProcessed(
  transaction: Transaction,
  input: MarkCallbacksProcessed,
): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_callbacks SET processed_at = now()
     WHERE attempt_id = $1 AND processed_at IS NULL AND received_at <= to_timestamp($2::double precision / 1000)`,
    [input.attemptId, input.askedAt],
  );
  return requireOrderState(transaction, input.orderId);
}
