import type { EntityManager } from 'typeorm';

import { row } from '../sql';
import type { AttemptStatus } from './attempt-status';

/** What a buyer may know who shows nothing but the token of a payment's result. */
export interface PaymentResult {
  readonly attemptStatus: AttemptStatus;
  readonly amount: number;
  /** A callback was stored that no capture has looked at yet. */
  readonly hasCallback: boolean;
  readonly isRefunded: boolean;
}

/** Reads it in one statement; undefined when there is no such attempt. */
export async function readPaymentResult(
  manager: EntityManager,
  attemptId: string,
): Promise<PaymentResult | undefined> {
  return row<PaymentResult>(
    manager,
    `SELECT status AS "attemptStatus", amount, refunded = captured AND status = 'surplus' AS "isRefunded",
       EXISTS (SELECT 1 FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL) AS "hasCallback"
     FROM payment_attempts p WHERE id = $1`,
    [attemptId],
  );
}
