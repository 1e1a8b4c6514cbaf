import { IsNull, LessThanOrEqual } from 'typeorm';

import { requireOrderState, type OrderState } from '../orders/order-state';
import { PaymentCallback } from '../payments/payment-callback';
import type { Transaction } from '../sql';

/** The callbacks of an attempt up to an instant, which the gateway's answer made obsolete without a capture. */
export interface MarkCallbacksProcessed {
  readonly orderId: string;
  readonly attemptId: string;
  /** When the gateway was asked, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/** Marks those callbacks as processed, so that no sweep wakes the workflow for them again. */
export async function markCallbacksProcessed(
  transaction: Transaction,
  { orderId, attemptId, askedAt }: MarkCallbacksProcessed,
): Promise<OrderState> {
  await transaction.update(
    PaymentCallback,
    { attemptId, processedAt: IsNull(), receivedAt: LessThanOrEqual(new Date(askedAt)) },
    { processedAt: () => 'now()' },
  );
  return requireOrderState(transaction, orderId);
}
