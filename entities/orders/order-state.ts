import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import type { AttemptStatus } from '../payments/attempt-status';
import { boolean, integer, jsonList, jsonObject, nullable, text, uuid, type RowShape } from '../row-shape';
import { row, statement } from '../sql';
import type { Currency } from '../values/money';
import type { OrderStatus, PaymentStatus } from './order-status';

/** Where one attempt stands. Instants are milliseconds since the epoch. */
export interface AttemptState {
  readonly id: string;
  readonly gateway: string;
  readonly status: AttemptStatus;
  readonly authority: string | null;
  readonly redirectUrl: string | null;
  readonly amount: number;
  readonly payableUntil: number;
  readonly captureRound: number;
  readonly lastCaptureAt: number | null;
  readonly refundPending: number;
  readonly refunded: number;
  readonly failureCode: string | null;
  /** The gateway's receipt of a capture. */
  readonly refId: string | null;
  /** Whether a stored callback of the buyer waits for a capture. */
  readonly hasCallback: boolean;
}

/**
 * An order as its rows are at one instant: all that a workflow decides on, and all that an answer to the buyer needs. Every
 * step of the workflow returns it, so a repeated step returns the present state.
 */
export interface OrderState {
  readonly id: string;
  readonly number: number;
  readonly cartId: string;
  /** Null for a guest's order. */
  readonly customerId: string | null;
  readonly requestDigest: string;
  /** The request that placed the order. */
  readonly askedBy: string | null;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly total: number;
  readonly currency: Currency;
  readonly createdAt: number;
  readonly paymentDeadline: number;
  readonly paidAt: number | null;
  readonly version: number;
  readonly units: number;
  readonly skus: readonly string[];
  /** Oldest first. */
  readonly attempts: readonly AttemptState[];
}

/** The SQL of an instant in milliseconds since 1970, for JSON. */
export const MILLISECONDS = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The columns and tables of {@link OrderState}. The statement around it selects the order `o`. */
export const SELECT_ORDER_STATE = `SELECT o.id, o.number, o.cart_id AS "cartId", o.customer_id AS "customerId", o.request_digest AS "requestDigest",
  o.asked_by AS "askedBy", o.status, o.payment_status AS "paymentStatus", o.total, o.currency,
  ${MILLISECONDS('o.created_at')} AS "createdAt", ${MILLISECONDS('o.payment_deadline')} AS "paymentDeadline",
  ${MILLISECONDS('o.paid_at')} AS "paidAt", o.version,
  l.units, l.skus, coalesce(a.attempts, '[]') AS attempts
  FROM orders o
  CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::integer AS units, coalesce(json_agg(sku ORDER BY sku), '[]') AS skus
  FROM order_lines WHERE order_id = o.id) l
  CROSS JOIN LATERAL (
  SELECT json_agg(json_build_object(
    'id', p.id, 'gateway', p.gateway, 'status', p.status, 'authority', p.authority, 'redirectUrl', p.redirect_url,
    'amount', p.amount, 'payableUntil', ${MILLISECONDS('p.payable_until')}, 'captureRound', p.capture_round,
    'lastCaptureAt', ${MILLISECONDS('p.last_capture_at')}, 'refundPending', p.refund_pending,
    'refunded', p.refunded, 'failureCode', p.failure_code, 'refId', p.ref_id,
    'hasCallback', EXISTS (SELECT 1 FROM payment_callbacks c WHERE c.attempt_id = p.id AND c.processed_at IS NULL)
  ) ORDER BY p.created_at, p.id) AS attempts
  FROM payment_attempts p WHERE p.order_id = o.id) a`;

const ATTEMPT_STATE: RowShape<AttemptState> = {
  id: uuid,
  gateway: text,
  status: text,
  authority: nullable(text),
  redirectUrl: nullable(text),
  amount: integer,
  payableUntil: integer,
  captureRound: integer,
  lastCaptureAt: nullable(integer),
  refundPending: integer,
  refunded: integer,
  failureCode: nullable(text),
  refId: nullable(text),
  hasCallback: boolean,
};

/** The result of {@link SELECT_ORDER_STATE}. */
export const ORDER_STATE: RowShape<OrderState> = {
  id: uuid,
  number: integer,
  cartId: uuid,
  customerId: nullable(uuid),
  requestDigest: text,
  askedBy: nullable(uuid),
  status: text,
  paymentStatus: text,
  total: integer,
  currency: text,
  createdAt: integer,
  paymentDeadline: integer,
  paidAt: nullable(integer),
  version: integer,
  units: integer,
  skus: jsonList(text),
  attempts: jsonList(jsonObject(ATTEMPT_STATE)),
};

const READ = statement<OrderState>(
  `${SELECT_ORDER_STATE} WHERE o.id = $1 AND ($2::uuid IS NULL OR o.customer_id = $2)`,
  ORDER_STATE,
);

/**
 * Reads {@link OrderState} in one statement; undefined when there is no such order.
 *
 * @param ownerId the customer whose orders alone may be found; null for everybody's
 */
export async function readOrderState(
  manager: EntityManager,
  orderId: string,
  ownerId: string | null = null,
): Promise<OrderState | undefined> {
  return row(manager, READ, [orderId, ownerId]);
}

/**
 * {@link readOrderState} of an order that must exist.
 *
 * @throws AppError `order.lost`: Postgres was restored from an older dump, or somebody deleted the order
 */
export async function requireOrderState(manager: EntityManager, orderId: string): Promise<OrderState> {
  const state = await readOrderState(manager, orderId);
  assertThat(state, 'order.lost', { orderId });
  return state;
}
