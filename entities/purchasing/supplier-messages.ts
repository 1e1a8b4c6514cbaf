import { AppError } from '../errors';
import { bytes, instant, integer, jsonList, jsonObject, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { acknowledgeOrder, lockPurchaseOrder, setAttention } from './lock-purchase-order';
import {
  changed,
  requirePurchaseOrderState,
  type PurchaseOrderState,
  type RequestedChange,
} from './purchase-order-state';
import type { SupplierMessageKind } from './purchase-order-status';
import type { OrderAt } from './submit-purchase-order';
import type { SupplierChannelKind } from './supplier';

/** One attempt to tell a supplier, numbered from one. */
export interface MessageAttempt extends OrderAt {
  readonly revision: number;
  readonly attempt: number;
}

/** What became of an attempt. `unknown`: it may have arrived, and goes out again with the same id. */
export type MessageOutcome =
  | { readonly kind: 'sent' | 'refused' | 'unknown'; readonly message: string }
  /** The order was changed before anything went out. */
  | { readonly kind: 'not_wanted' };

/** A message with everything that its channel needs. Sealed secrets are those of {@link Supplier}. */
export interface OutgoingMessage {
  readonly webhookId: string;
  readonly kind: SupplierMessageKind;
  readonly channel: SupplierChannelKind;
  readonly supplierId: string;
  readonly address: string | null;
  readonly secret: Buffer | null;
  readonly secretKeyId: string | null;
  readonly previousSecret: Buffer | null;
  readonly previousSecretKeyId: string | null;
  readonly orderId: string;
  readonly number: number;
  readonly revision: number;
  /** The same for every attempt. */
  readonly createdAt: Date;
  /** The place where it arrives. */
  readonly deliverTo: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Longer than any call takes: after it, a message whose worker died is sent again. */
const CALL_MS = 60_000;
const RETRY_FIRST_MS = 30_000;
const RETRY_MOST_MS = 3_600_000;
/** Attempts without an answer after which somebody should know. */
const PATIENT_ATTEMPTS = 5;

/** An order is told until its supplier has it, and a cancellation whatever the order does. */
const IS_WANTED = `(m.kind = 'cancel' OR o.status = 'sending')`;

const CLAIM = statement<{ orderId: string }>(
  `UPDATE supplier_messages m
   SET status = 'sending', attempts = m.attempts + 1, attempted_at = $4, next_at = $5
   FROM purchase_orders o
   WHERE m.order_id = $1 AND m.revision = $2 AND m.attempts = $3::integer - 1
     AND m.status IN ('pending', 'sending', 'unknown') AND m.next_at <= $4
     AND o.id = m.order_id AND ${IS_WANTED}
   RETURNING m.order_id AS "orderId"`,
  { orderId: uuid },
);

const OUTGOING = statement<OutgoingMessage>(
  `SELECT m.webhook_id AS "webhookId", m.kind, m.channel, o.supplier_id AS "supplierId", s.address, s.secret,
     s.secret_key_id AS "secretKeyId", s.previous_secret AS "previousSecret",
     s.previous_secret_key_id AS "previousSecretKeyId", o.id AS "orderId", o.number, m.revision,
     m.created_at AS "createdAt", p.title AS "deliverTo",
     (SELECT json_agg(json_build_object('sku', l.supplier_sku, 'quantity', l.ordered) ORDER BY l.supplier_sku)
      FROM purchase_order_lines l WHERE l.order_id = o.id) AS lines
   FROM supplier_messages m JOIN purchase_orders o ON o.id = m.order_id
     JOIN suppliers s ON s.id = o.supplier_id JOIN stock_locations p ON p.id = o.location_id
   WHERE m.order_id = $1 AND m.revision = $2`,
  {
    ...{ webhookId: text, kind: text, channel: text, supplierId: uuid, address: nullable(text) },
    ...{ secret: nullable(bytes), secretKeyId: nullable(text) },
    ...{ previousSecret: nullable(bytes), previousSecretKeyId: nullable(text) },
    ...{ orderId: uuid, number: integer, revision: integer, createdAt: instant, deliverTo: text },
    lines: jsonList(jsonObject<OutgoingMessage['lines'][number]>({ sku: text, quantity: integer })),
  },
);

/**
 * Takes the right to make an attempt. Undefined when it was made before, or the message is not wanted any more. The call follows
 * after the commit.
 */
export async function claimMessage(
  transaction: Transaction,
  { orderId, revision, attempt, at }: MessageAttempt,
): Promise<OutgoingMessage | undefined> {
  const now = new Date(at);
  await lockPurchaseOrder(transaction, orderId, now);
  const again = new Date(at + CALL_MS);
  const claimed = await row(transaction, CLAIM, [orderId, revision, attempt, now, again]);
  return claimed && row(transaction, OUTGOING, [orderId, revision]);
}

const ANSWERED = statement<{ kind: SupplierMessageKind }>(
  `UPDATE supplier_messages SET status = $4::varchar, answer = left($5, 300),
     next_at = CASE WHEN $4::varchar = 'unknown' THEN $6::timestamptz END
   WHERE order_id = $1 AND revision = $2 AND attempts = $3 AND status = 'sending'
   RETURNING kind`,
  { kind: text },
);

/** Records what became of an attempt. One whose message was closed meanwhile changes nothing. */
export async function recordMessageOutcome(
  transaction: Transaction,
  { orderId, revision, attempt, at, outcome }: MessageAttempt & { readonly outcome: MessageOutcome },
): Promise<PurchaseOrderState> {
  const now = new Date(at);
  const order = await lockPurchaseOrder(transaction, orderId, now);
  if (outcome.kind !== 'not_wanted') {
    const pause = Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_MOST_MS);
    const { kind, message: answer } = outcome;
    const values = [orderId, revision, attempt, kind, answer, new Date(at + pause)];
    const message = await row(transaction, ANSWERED, values);
    if (message?.kind === 'order' && order.status === 'sending') {
      if (kind === 'sent') await acknowledgeOrder(transaction, order, now);
      else if (kind === 'refused' || attempt >= PATIENT_ATTEMPTS) {
        await setAttention(transaction, orderId, 'unreachable');
      }
    } else if (message?.kind === 'cancel') {
      const isLost = kind === 'refused' || (kind === 'unknown' && attempt >= PATIENT_ATTEMPTS);
      if (kind === 'sent') await setAttention(transaction, orderId, null);
      else if (isLost) await setAttention(transaction, orderId, 'cancellation_refused');
    }
  }
  return requirePurchaseOrderState(transaction, orderId);
}

const SEND_AGAIN = statement<{ orderId: string }>(
  `UPDATE supplier_messages m
   SET status = CASE WHEN m.status = 'refused' THEN 'pending' ELSE m.status END, next_at = $3
   FROM purchase_orders o
   WHERE m.order_id = $1 AND m.revision = $2 AND m.status IN ('refused', 'unknown', 'pending')
     AND o.id = m.order_id AND ${IS_WANTED}
   RETURNING m.order_id AS "orderId"`,
  { orderId: uuid },
);

/**
 * Sends the newest message of an order at once, because somebody has put right what was wrong.
 *
 * @throws AppError `purchase_orders.not_found`, `purchase_orders.nothing_to_send`
 */
export async function sendMessageAgain(
  transaction: Transaction,
  { orderId, at }: OrderAt,
): Promise<RequestedChange> {
  const now = new Date(at);
  const order = await lockPurchaseOrder(transaction, orderId, now);
  const again = await rows(transaction, SEND_AGAIN, [orderId, order.revision, now]);
  if (again.length === 0) throw new AppError('purchase_orders.nothing_to_send');
  await setAttention(transaction, orderId, null);
  return changed(transaction, orderId);
}
