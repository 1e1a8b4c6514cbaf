import { requireOrderState, type OrderState } from '../orders/order-state';
import { rows, type Transaction } from '../sql';

/** The returns of an attempt up to an instant were answered by asking its gateway, without taking anything. */
export interface SeeReturns {
  readonly orderId: string;
  readonly attemptId: string;
  /** When the gateway was asked, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/** Counts those returns as seen, so that no sweep wakes the story for them again. */
export async function seeReturns(transaction: Transaction, input: SeeReturns): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_callbacks SET processed_at = now()
     WHERE attempt_id = $1 AND processed_at IS NULL AND received_at <= to_timestamp($2::double precision / 1000)`,
    [input.attemptId, input.askedAt],
  );
  return requireOrderState(transaction, input.orderId);
}
