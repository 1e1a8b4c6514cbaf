import type { EntityManager } from 'typeorm';

import type { OrderStatus, PaymentStatus } from '../orders/order-status';
import type { AttemptStatus } from '../payments/attempt-status';
import type { ClaimedStatus } from '../payments/payment-callback';
import { boolean, integer, nullable, text, uuid } from '../row-shape';
import { row, statement } from '../sql';

/** A buyer's callback from a gateway. */
export interface RecordCallback {
  readonly callbackId: string;
  readonly gateway: string;
  readonly authority: string;
  readonly claimed: ClaimedStatus;
  readonly query: Record<string, string>;
  /** How many callbacks of one attempt are stored. Further ones are answered only. */
  readonly atMost: number;
}

/** The payment of a callback, as it is now. */
export interface RecordedCallback {
  readonly attemptId: string;
  readonly attemptStatus: AttemptStatus;
  readonly orderId: string;
  readonly orderNumber: number;
  readonly orderStatus: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly amount: number;
  readonly gateway: string;
  readonly refId: string | null;
  /** How many callbacks of this attempt came before. */
  readonly earlier: number;
  readonly stored: boolean;
}

const RECORD = statement<RecordedCallback>(
  `WITH found AS (
     SELECT p.*, (SELECT count(*) FROM payment_callbacks c WHERE c.attempt_id = p.id) AS earlier
     FROM payment_attempts p WHERE p.gateway = $2 AND p.authority = $3
   ), stored AS (
     INSERT INTO payment_callbacks (id, attempt_id, claimed_status, query, processed_at)
     SELECT $1, id, $4, $5::jsonb,
       CASE WHEN status IN ('settled', 'surplus', 'refused', 'closed') THEN now() END
     FROM found WHERE earlier < $6
     RETURNING id
   )
   SELECT found.id AS "attemptId", found.status AS "attemptStatus", o.id AS "orderId", o.number AS "orderNumber",
     o.status AS "orderStatus", o.payment_status AS "paymentStatus", found.amount, found.gateway,
     found.ref_id AS "refId", found.earlier, EXISTS (SELECT 1 FROM stored) AS stored
   FROM found JOIN orders o ON o.id = found.order_id`,
  {
    attemptId: uuid,
    attemptStatus: text,
    orderId: uuid,
    orderNumber: integer,
    orderStatus: text,
    paymentStatus: text,
    amount: integer,
    gateway: text,
    refId: nullable(text),
    earlier: integer,
    stored: boolean,
  },
);

/**
 * Stores a callback before anything else happens. It finds the attempt by the gateway's authority alone. If the attempt has
 * its final answer, the callback counts as processed. For an unknown authority it stores nothing and returns undefined.
 */
export async function recordCallback(
  manager: EntityManager,
  input: RecordCallback,
): Promise<RecordedCallback | undefined> {
  return row(manager, RECORD, [
    input.callbackId,
    input.gateway,
    input.authority,
    input.claimed,
    JSON.stringify(input.query),
    input.atMost,
  ]);
}
