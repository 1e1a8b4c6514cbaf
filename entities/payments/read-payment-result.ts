import type { EntityManager } from 'typeorm';

import { boolean, integer, text } from '../row-shape';
import { row, statement } from '../sql';
import type { AttemptStatus } from './attempt-status';

/** What a buyer may know who has only the token of a payment's result. */
export interface PaymentResult {
  readonly attemptStatus: AttemptStatus;
  readonly amount: number;
  /** Whether a stored callback waits for a capture. */
  readonly hasCallback: boolean;
  readonly isRefunded: boolean;
}

const READ = statement<PaymentResult>(
  `SELECT status AS "attemptStatus", amount, refunded = captured AND status = 'surplus' AS "isRefunded",
     EXISTS (SELECT 1 FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL) AS "hasCallback"
   FROM payment_attempts p WHERE id = $1`,
  { attemptStatus: text, amount: integer, isRefunded: boolean, hasCallback: boolean },
);

/** Reads it in one statement; undefined when there is no such attempt. */
export async function readPaymentResult(
  manager: EntityManager,
  attemptId: string,
): Promise<PaymentResult | undefined> {
  return row(manager, READ, [attemptId]);
}
