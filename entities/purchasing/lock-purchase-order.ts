import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer, json, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { OrderApprovalReason, OrderAttention, PurchaseOrderStatus } from './purchase-order-status';
import { PURCHASE_ORDER } from './purchasing.events';
import type { SupplierChannelKind, SupplierStatus } from './supplier';
import { arrivalAfter, HOURS, HOURS_SHAPE, type SupplierHours } from './supplier-instants';

/** A purchase order that nobody else can change now, with the terms of its supplier. */
export interface LockedPurchaseOrder extends SupplierHours {
  readonly id: string;
  readonly status: PurchaseOrderStatus;
  readonly supplierId: string;
  readonly locationId: string;
  readonly revision: number;
  readonly createdBy: string | null;
  readonly approvedBy: string | null;
  readonly approvalReasons: readonly OrderApprovalReason[];
  readonly isPastCutoff: boolean;
  readonly hasReminder: boolean;
  readonly isReminderDue: boolean;
  readonly reminders: number;
  readonly channel: SupplierChannelKind;
  readonly supplierStatus: SupplierStatus;
  readonly minimumValue: number | null;
  readonly approvalLimit: number | null;
}

const LOCK = statement<LockedPurchaseOrder>(
  `SELECT o.id, o.status, o.supplier_id AS "supplierId", o.location_id AS "locationId", o.revision,
     o.created_by AS "createdBy", o.approved_by AS "approvedBy", to_jsonb(o.approval_reasons) AS "approvalReasons", o.cutoff_at <= $2 AS "isPastCutoff",
     o.remind_at IS NOT NULL AS "hasReminder", coalesce(o.remind_at <= $2, false) AS "isReminderDue", o.reminders, s.channel, s.status AS "supplierStatus",
     s.minimum_value AS "minimumValue", s.approval_limit AS "approvalLimit", ${HOURS}
   FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id
   WHERE o.id = $1 FOR UPDATE OF o`,
  {
    ...{ id: uuid, status: text, supplierId: uuid, locationId: uuid, revision: integer },
    ...{ createdBy: nullable(uuid), approvedBy: nullable(uuid), isPastCutoff: boolean },
    approvalReasons: json<OrderApprovalReason[]>(),
    ...{
      hasReminder: boolean,
      isReminderDue: boolean,
      reminders: integer,
      channel: text,
      supplierStatus: text,
    },
    ...{ minimumValue: nullable(integer), approvalLimit: nullable(integer), ...HOURS_SHAPE },
  },
);

/**
 * Locks a purchase order. Every operation locks the order first, and stock after it.
 *
 * @param at the present, by the clock of the caller
 * @throws AppError `purchase_orders.not_found`
 */
export async function lockPurchaseOrder(
  transaction: Transaction,
  orderId: string,
  at: Date,
): Promise<LockedPurchaseOrder> {
  const order = await row(transaction, LOCK, [orderId, at]);
  assertThat(order, 'purchase_orders.not_found');
  return order;
}

/** Reminders of one wait end with it. */
const MOVE = statement(
  `UPDATE purchase_orders SET status = $2::varchar, attention = $3,
     remind_at = CASE WHEN status <> 'awaiting_approval' THEN remind_at END,
     reminders = CASE WHEN status <> 'awaiting_approval' THEN reminders ELSE 0 END,
     finished_at = CASE WHEN $2::varchar IN ('received', 'closed_short', 'cancelled', 'refused') THEN $4::timestamptz END
   WHERE id = $1`,
);

/** Moves a locked order. The caller records the event of the move. */
export async function movePurchaseOrder(
  transaction: Transaction,
  orderId: string,
  move: { readonly to: PurchaseOrderStatus; readonly at: Date; readonly attention?: OrderAttention },
): Promise<void> {
  await rows(transaction, MOVE, [orderId, move.to, move.attention ?? null, move.at]);
}

const MISSING = statement<{ variantId: string; missing: number }>(
  `SELECT variant_id AS "variantId", ordered - received AS missing FROM purchase_order_lines
   WHERE order_id = $1 AND received < ordered ORDER BY variant_id`,
  { variantId: uuid, missing: integer },
);

/** Records of each line of an order that has ended which units nobody expects any more, so that somebody looks at the need. */
export async function endMissingLines(transaction: Transaction, orderId: string): Promise<void> {
  const lines = await rows(transaction, MISSING, [orderId]);
  if (lines.length === 0) return;
  const ended = lines.map((payload) => ({ type: 'purchase_order.line_ended' as const, payload }));
  await recordEvents(transaction, PURCHASE_ORDER, orderId, ...ended);
}

const NEED = statement<{ id: string }>(
  `UPDATE purchase_orders SET attention = $2::varchar
   WHERE id = $1 AND attention IS DISTINCT FROM $2::varchar RETURNING id`,
  { id: uuid },
);

/** Notes that an order needs somebody, or with null that it does not any more. */
export async function setAttention(
  transaction: Transaction,
  orderId: string,
  reason: OrderAttention | null,
): Promise<void> {
  const changed = await rows(transaction, NEED, [orderId, reason]);
  if (changed.length === 0 || reason === null) return;
  await recordEvents(transaction, PURCHASE_ORDER, orderId, {
    type: 'purchase_order.needs_attention',
    payload: { reason },
  });
}

const BEGIN_MESSAGE = statement(
  `INSERT INTO supplier_messages (order_id, revision, kind, channel, webhook_id, next_at)
   VALUES ($1::uuid, $2::integer, $3, $4, $1::uuid || '-r' || $2::integer, $5)`,
);

/** Begins to tell the supplier of a revision of an order. */
export async function beginSupplierMessage(
  transaction: Transaction,
  { id, channel }: Pick<LockedPurchaseOrder, 'id' | 'channel'>,
  message: { readonly revision: number; readonly kind: 'order' | 'cancel'; readonly at: Date },
): Promise<void> {
  await rows(transaction, BEGIN_MESSAGE, [id, message.revision, message.kind, channel, message.at]);
}

const CLOSE_MESSAGE = statement(
  `UPDATE supplier_messages
   SET status = CASE WHEN status = 'pending' THEN 'withdrawn' ELSE 'sent' END, next_at = NULL
   WHERE order_id = $1 AND revision = $2 AND status IN ('pending', 'sending', 'unknown')`,
);

/** Ends the newest message to the supplier: what may have gone out counts as sent, and does not go out again. */
export async function closeMessage(
  transaction: Transaction,
  { id, revision }: Pick<LockedPurchaseOrder, 'id' | 'revision'>,
): Promise<void> {
  await rows(transaction, CLOSE_MESSAGE, [id, revision]);
}

const ACKNOWLEDGE = statement(
  `UPDATE purchase_orders SET ordered_at = $2, expected_at = $3, remind_at = $3 WHERE id = $1`,
);

/** The supplier has the order, as its answer, its reply or its goods say. Only for one that is being sent. */
export async function acknowledgeOrder(
  transaction: Transaction,
  order: LockedPurchaseOrder,
  at: Date,
): Promise<void> {
  const expectedAt = await arrivalAfter(transaction, order, at);
  await closeMessage(transaction, order);
  await rows(transaction, ACKNOWLEDGE, [order.id, at, expectedAt]);
  await movePurchaseOrder(transaction, order.id, { to: 'ordered', at });
  await recordEvents(transaction, PURCHASE_ORDER, order.id, {
    type: 'purchase_order.ordered',
    payload: { expectedAt: expectedAt.toISOString() },
  });
}
