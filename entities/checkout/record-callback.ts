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
  /** How many callbacks of one attempt are kept. */
  readonly atMost: number;
}

/** The payment of a callback, as it is now. */
export interface RecordedCallback {
  readonly attemptId: string;
  readonly attemptStatus: AttemptStatus;
  /** Whether no poll can change the payment for its buyer, so that no workflow needs to hear of the callback. */
  readonly isFinal: boolean;
  readonly orderId: string;
  readonly orderNumber: number;
  readonly orderStatus: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly amount: number;
  readonly gateway: string;
  readonly refId: string | null;
  /** Whether the callback has a row. */
  readonly stored: boolean;
  /** An earlier callback that no capture has seen. The capture that will see it comes after this callback too. */
  readonly unseenBefore: string | null;
}

/** Where as many are kept as may be, a callback that wakes the workflow takes the place of the oldest that was seen. */
const RECORD = statement<RecordedCallback>(
  `WITH found AS (
     SELECT p.*, p.status IN ('settled', 'surplus', 'refused', 'closed') AS is_final,
       (SELECT count(*) FROM payment_callbacks c WHERE c.attempt_id = p.id) AS kept,
       (SELECT c.id FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL
        ORDER BY c.received_at, c.id LIMIT 1) AS unseen
     FROM payment_attempts p WHERE p.gateway = $2 AND p.authority = $3
   ), stored AS (
     INSERT INTO payment_callbacks (id, attempt_id, claimed_status, query, processed_at)
     SELECT $1, id, $4, $5::jsonb, CASE WHEN is_final THEN now() END
     FROM found WHERE kept < $6
     RETURNING id
   ), replaced AS (
     UPDATE payment_callbacks c
     SET id = $1, claimed_status = $4, query = $5::jsonb, received_at = now(), processed_at = NULL
     FROM found
     WHERE found.kept >= $6 AND found.unseen IS NULL AND NOT found.is_final AND c.id = (
       SELECT o.id FROM payment_callbacks o WHERE o.attempt_id = found.id ORDER BY o.received_at, o.id LIMIT 1)
     RETURNING c.id
   )
   SELECT found.id AS "attemptId", found.status AS "attemptStatus", found.is_final AS "isFinal",
     o.id AS "orderId", o.number AS "orderNumber", o.status AS "orderStatus", o.payment_status AS "paymentStatus",
     found.amount, found.gateway, found.ref_id AS "refId", found.unseen AS "unseenBefore",
     EXISTS (SELECT 1 FROM stored UNION ALL SELECT 1 FROM replaced) AS stored
   FROM found JOIN orders o ON o.id = found.order_id`,
  {
    attemptId: uuid,
    attemptStatus: text,
    isFinal: boolean,
    orderId: uuid,
    orderNumber: integer,
    orderStatus: text,
    paymentStatus: text,
    amount: integer,
    gateway: text,
    refId: nullable(text),
    stored: boolean,
    unseenBefore: nullable(uuid),
  },
);

/**
 * Stores a callback before anything else happens. It finds the attempt by the gateway's authority alone. If the attempt has
 * its final answer, the callback counts as processed. For an unknown authority it stores nothing and returns undefined.
 *
 * However many come, the rows stay few, and one that no capture has seen is always among them.
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
