import type { EntityManager } from 'typeorm';

import { row } from '../sql';
import type { AttemptStatus } from './attempt-status';

/** What a buyer may know who shows nothing but the token of a payment's result. */
export interface PaymentResult {
  readonly attemptStatus: AttemptStatus;
  readonly amount: number;
  /** A return was stored that no capture has looked at yet. */
  readonly hasReturn: boolean;
  readonly isReturned: boolean;
}

/** Reads it in one statement; undefined when there is no such attempt. */
export async function readPaymentResult(
  manager: EntityManager,
  attemptId: string,
): Promise<PaymentResult | undefined> {
  return row<PaymentResult>(
    manager,
    `SELECT status AS "attemptStatus", amount, returned = captured AND status = 'surplus' AS "isReturned",
       EXISTS (SELECT 1 FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL) AS "hasReturn"
     FROM payment_attempts p WHERE id = $1`,
    [attemptId],
  );
}
