import { assertThat } from '../errors';
import { boolean, integer, jsonObject, nullable, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type {
  OrderAttention,
  PurchaseOrderStatus,
  SupplierMessageKind,
  SupplierMessageStatus,
} from './purchase-order-status';

/** In SQL: an instant as milliseconds since the epoch. */
const MILLISECONDS = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The newest message to the supplier. */
export interface OrderMessage {
  readonly revision: number;
  readonly kind: SupplierMessageKind;
  readonly status: SupplierMessageStatus;
  readonly attempts: number;
  readonly nextAt: number | null;
  readonly answer: string | null;
}

/**
 * A purchase order as its rows are at one instant: all that its workflow decides on. Instants are milliseconds since the epoch.
 * Every step of the workflow returns it.
 */
export interface PurchaseOrderState {
  readonly id: string;
  readonly number: number;
  readonly status: PurchaseOrderStatus;
  readonly cutoffAt: number;
  readonly expectedAt: number | null;
  readonly remindAt: number | null;
  /** How often somebody was reminded of what it waits for. */
  readonly reminders: number;
  readonly attention: OrderAttention | null;
  readonly message: OrderMessage | null;
  /** Whether a reply of the supplier waits to be judged. */
  readonly hasReply: boolean;
}

/** A purchase order after a request, and whether the request has changed it. A repetition has not. */
export interface RequestedChange {
  readonly order: PurchaseOrderState;
  readonly isNew: boolean;
}

const READ = statement<PurchaseOrderState>(
  `SELECT o.id, o.number, o.status, ${MILLISECONDS('o.cutoff_at')} AS "cutoffAt",
     ${MILLISECONDS('o.expected_at')} AS "expectedAt", ${MILLISECONDS('o.remind_at')} AS "remindAt", o.reminders, o.attention,
     (SELECT json_build_object('revision', m.revision, 'kind', m.kind, 'status', m.status, 'attempts', m.attempts,
        'nextAt', ${MILLISECONDS('m.next_at')}, 'answer', m.answer)
      FROM supplier_messages m WHERE m.order_id = o.id ORDER BY m.revision DESC LIMIT 1) AS message,
     EXISTS (SELECT 1 FROM supplier_replies r WHERE r.order_id = o.id AND r.processed_at IS NULL) AS "hasReply"
   FROM purchase_orders o WHERE o.id = $1`,
  {
    id: uuid,
    number: integer,
    status: text,
    cutoffAt: integer,
    expectedAt: nullable(integer),
    remindAt: nullable(integer),
    reminders: integer,
    attention: nullable(text),
    message: nullable(
      jsonObject<OrderMessage>({
        revision: integer,
        kind: text,
        status: text,
        attempts: integer,
        nextAt: nullable(integer),
        answer: nullable(text),
      }),
    ),
    hasReply: boolean,
  },
);

/** Reads a purchase order; undefined when there is none. */
export function readPurchaseOrderState(
  transaction: Transaction,
  orderId: string,
): Promise<PurchaseOrderState | undefined> {
  return row(transaction, READ, [orderId]);
}

/** @throws AppError `purchase_orders.not_found` */
export async function requirePurchaseOrderState(
  transaction: Transaction,
  orderId: string,
): Promise<PurchaseOrderState> {
  const order = await readPurchaseOrderState(transaction, orderId);
  assertThat(order, 'purchase_orders.not_found');
  return order;
}

/** The answer to a request that has changed an order. */
export async function changed(transaction: Transaction, orderId: string): Promise<RequestedChange> {
  return { order: await requirePurchaseOrderState(transaction, orderId), isNew: true };
}

/** The answer to a repetition: the order as it is. */
export async function unchanged(transaction: Transaction, orderId: string): Promise<RequestedChange> {
  return { order: await requirePurchaseOrderState(transaction, orderId), isNew: false };
}
