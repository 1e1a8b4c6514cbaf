import type { EntityManager } from 'typeorm';

import type { OrderState } from '../orders/order-state';
import type { OrderStatus } from '../orders/order-status';
import type { AttemptStatus } from '../payments/attempt-status';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, statement } from '../sql';
import type { OpenableOrder } from './opening-refusal';

/** What a buyer may know who has only the token of a payment's result, and what decides whether they may pay again. */
export interface PaymentResult extends Omit<OpenableOrder, 'status'> {
  readonly attemptStatus: AttemptStatus;
  readonly amount: number;
  readonly gateway: string;
  /** The gateway's receipt of a capture. */
  readonly receipt: string | null;
  /** When the money was captured; before that, when the attempt was made. */
  readonly at: Date;
  /** Whether a stored callback waits for a capture. */
  readonly hasCallback: boolean;
  readonly isRefunded: boolean;
  readonly orderId: string;
  readonly orderNumber: number;
  readonly orderStatus: OrderStatus;
}

/** How long a new payment page would last, and the latest end of one after the order was placed, in milliseconds. */
export interface PageDurations {
  readonly payableMs: number;
  readonly longestOpenMs: number;
}

const READ = statement<PaymentResult>(
  `SELECT p.status AS "attemptStatus", p.amount, p.gateway, p.ref_id AS receipt,
     CASE WHEN p.status IN ('settled', 'surplus') THEN coalesce(p.last_capture_at, p.created_at) ELSE p.created_at END AS at,
     p.refunded = p.captured AND p.status = 'surplus' AS "isRefunded",
     EXISTS (SELECT 1 FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL) AS "hasCallback",
     o.id AS "orderId", o.number AS "orderNumber", o.status AS "orderStatus",
     every.tries, every.pages, every."isVerifying",
     now() + $2::bigint * interval '1 millisecond' <= o.created_at + $3::bigint * interval '1 millisecond' AS "inTime"
   FROM payment_attempts p
     JOIN orders o ON o.id = p.order_id
     CROSS JOIN LATERAL (
       SELECT count(*) AS tries, count(authority) AS pages, bool_or(status = 'verifying') AS "isVerifying"
       FROM payment_attempts WHERE order_id = o.id) AS every
   WHERE p.id = $1`,
  {
    attemptStatus: text,
    amount: integer,
    gateway: text,
    receipt: nullable(text),
    at: instant,
    isRefunded: boolean,
    hasCallback: boolean,
    orderId: uuid,
    orderNumber: integer,
    orderStatus: text,
    tries: integer,
    pages: integer,
    isVerifying: boolean,
    inTime: boolean,
  },
);

/** Reads it in one statement; undefined when there is no such attempt. */
export async function readPaymentResult(
  manager: EntityManager,
  attemptId: string,
  { payableMs, longestOpenMs }: PageDurations,
): Promise<PaymentResult | undefined> {
  return row(manager, READ, [attemptId, payableMs, longestOpenMs]);
}

/**
 * The result of a payment that settled its order, from the order as its workflow returned it: that saves reading it again.
 * Undefined for any other payment.
 */
export function settledResultOf(order: OrderState, attemptId: string): PaymentResult | undefined {
  const attempt = order.attempts.find(({ id }) => id === attemptId);
  if (attempt?.status !== 'settled') return undefined;
  return {
    attemptStatus: attempt.status,
    amount: attempt.amount,
    gateway: attempt.gateway,
    receipt: attempt.refId,
    at: new Date(attempt.lastCaptureAt ?? order.paidAt ?? order.createdAt),
    isRefunded: false,
    hasCallback: false,
    orderId: order.id,
    orderNumber: order.number,
    orderStatus: order.status,
    tries: order.attempts.length,
    pages: order.attempts.filter(({ authority }) => authority !== null).length,
    isVerifying: false,
    // A settled order opens no further page.
    inTime: false,
  };
}
