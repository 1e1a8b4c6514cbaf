import { requireOrderState, type OrderState } from '../orders/order-state';
import { PaymentAttempt } from '../payments/attempt';
import type { Transaction } from '../sql';

/** A capture that found no money to take. */
export interface ReopenAttempt {
  readonly orderId: string;
  readonly attemptId: string;
  /** The round of the answer. An answer of an earlier round changes nothing. */
  readonly captureRound: number;
  readonly failureCode: string;
}

/** Reopens the attempt, so that the buyer can pay: the gateway says that nothing was paid so far. */
export async function reopenAttempt(
  transaction: Transaction,
  { orderId, attemptId, captureRound, failureCode }: ReopenAttempt,
): Promise<OrderState> {
  await transaction.update(
    PaymentAttempt,
    { id: attemptId, orderId, status: 'verifying', captureRound },
    { status: 'open', failureCode },
  );
  return requireOrderState(transaction, orderId);
}
