import { requireOrderState, type OrderState } from '../orders/order-state';
import { rows, type Transaction } from '../sql';

/** A capture that found nothing to take. */
export interface ReopenAttempt {
  readonly orderId: string;
  readonly attemptId: string;
  /** The round the answer belongs to: an answer to an earlier one changes nothing. */
  readonly captureRound: number;
  readonly failureCode: string;
}

/** Lets the buyer go on paying: the gateway said that nothing was paid so far. */
export async function reopenAttempt(transaction: Transaction, input: ReopenAttempt): Promise<OrderState> {
  await rows(
    transaction,
    `UPDATE payment_attempts SET status = 'open', failure_code = $4
     WHERE id = $2 AND order_id = $1 AND status = 'verifying' AND capture_round = $3`,
    [input.orderId, input.attemptId, input.captureRound, input.failureCode],
  );
  return requireOrderState(transaction, input.orderId);
}
