import { createHash } from 'node:crypto';

import { recordEvents } from '../events/record-events';
import { boolean, bytes, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import {
  acknowledgeOrder,
  endMissingLines,
  lockPurchaseOrder,
  movePurchaseOrder,
  setAttention,
  type LockedPurchaseOrder,
} from './lock-purchase-order';
import { requirePurchaseOrderState, type PurchaseOrderState } from './purchase-order-state';
import type { ReplyVerdict } from './purchase-order-status';
import { PURCHASE_ORDER } from './purchasing.events';
import type { OrderAt } from './submit-purchase-order';

/** A reply as it arrived. Nobody has checked it. */
export interface ArrivedReply {
  readonly supplierId: string;
  readonly orderId: string;
  readonly webhookId: string;
  /** Seconds since the epoch, as the sender says. */
  readonly signedAt: number;
  readonly signature: string;
  readonly body: Buffer;
}

/** `unknown_order`: the supplier has no such order. `too_many`: earlier ones wait, or too many were not genuine. */
export type StoredReply = 'stored' | 'unknown_order' | 'too_many';

/** Replies to one order that may wait to be judged. More are a flood. */
const WAITING_AT_MOST = 20;

/** Replies to one order in an hour that turned out not to be genuine. More are a flood. */
const REJECTED_AT_MOST = 100;

/** Nobody has told the supplier yet of an order that is collected or awaits approval. */
const STANDING = statement<{ waiting: number; rejected: number }>(
  `SELECT
     (SELECT count(*) FROM supplier_replies r WHERE r.order_id = o.id AND r.processed_at IS NULL) AS waiting,
     (SELECT count(*) FROM supplier_replies r WHERE r.order_id = o.id
        AND r.processed_at > now() - interval '1 hour' AND r.verdict <> 'genuine') AS rejected
   FROM purchase_orders o
   WHERE o.id = $1 AND o.supplier_id = $2 AND o.status NOT IN ('collecting', 'awaiting_approval')`,
  { waiting: integer, rejected: integer },
);

const STORE = statement(
  `INSERT INTO supplier_replies (id, supplier_id, order_id, webhook_id, signed_at, signature, digest, body)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (supplier_id, digest) DO NOTHING`,
);

/**
 * Stores a reply for the workflow of its order. The same arrival is stored once. An order gets so few in an hour that forged ones hold
 * up nothing else that its workflow does.
 */
export async function storeReply(transaction: Transaction, reply: ArrivedReply): Promise<StoredReply> {
  const { supplierId, orderId, webhookId, signedAt, signature, body } = reply;
  const standing = await row(transaction, STANDING, [orderId, supplierId]);
  if (!standing) return 'unknown_order';
  if (standing.waiting >= WAITING_AT_MOST || standing.rejected >= REJECTED_AT_MOST) return 'too_many';
  const digest = createHash('sha256')
    .update(JSON.stringify([webhookId, signedAt, signature]))
    .update(body)
    .digest('hex');
  const values = [newId(), supplierId, orderId, webhookId, signedAt, signature, digest, body];
  await rows(transaction, STORE, values);
  return 'stored';
}

/** A stored reply with the secrets of its supplier, sealed. */
export interface UnjudgedReply {
  readonly id: string;
  readonly supplierId: string;
  readonly orderId: string;
  readonly webhookId: string;
  readonly signedAt: number;
  readonly signature: string;
  readonly body: Buffer;
  readonly receivedAt: Date;
  readonly secret: Buffer | null;
  readonly secretKeyId: string | null;
  readonly previousSecret: Buffer | null;
  readonly previousSecretKeyId: string | null;
}

/** What a supplier says of an order. */
export type SupplierAnswer =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'partly_accepted';
      readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'dispatched'; readonly expectedAt: Date };

/** Checks a reply. An answer comes with the verdict `genuine` only. */
export type JudgeReply = (
  reply: UnjudgedReply,
) =>
  | { readonly verdict: Exclude<ReplyVerdict, 'genuine' | 'repeated'>; readonly answer?: never }
  | { readonly verdict: 'genuine'; readonly answer: SupplierAnswer };

const UNJUDGED = statement<UnjudgedReply>(
  `SELECT r.id, r.supplier_id AS "supplierId", r.order_id AS "orderId", r.webhook_id AS "webhookId",
     r.signed_at AS "signedAt", r.signature, r.body, r.received_at AS "receivedAt", s.secret,
     s.secret_key_id AS "secretKeyId", s.previous_secret AS "previousSecret",
     s.previous_secret_key_id AS "previousSecretKeyId"
   FROM supplier_replies r JOIN suppliers s ON s.id = r.supplier_id
   WHERE r.order_id = $1 AND r.processed_at IS NULL ORDER BY r.received_at, r.id LIMIT ${WAITING_AT_MOST}`,
  {
    ...{ id: uuid, supplierId: uuid, orderId: uuid, webhookId: text, signedAt: integer, signature: text },
    ...{ body: bytes, receivedAt: instant, secret: nullable(bytes), secretKeyId: nullable(text) },
    ...{ previousSecret: nullable(bytes), previousSecretKeyId: nullable(text) },
  },
);

const USED = statement<{ id: string }>(
  `SELECT id FROM supplier_replies WHERE supplier_id = $1 AND webhook_id = $2 AND verdict = 'genuine'`,
  { id: uuid },
);

const JUDGED = statement(
  `UPDATE supplier_replies SET processed_at = now(), verdict = $2, body = NULL WHERE id = $1`,
);

/** Judges the stored replies to an order and applies the genuine ones, each once. */
export async function judgeReplies(
  transaction: Transaction,
  { orderId, at }: OrderAt,
  judge: JudgeReply,
): Promise<{ readonly order: PurchaseOrderState; readonly verdicts: readonly ReplyVerdict[] }> {
  const verdicts: ReplyVerdict[] = [];
  const now = new Date(at);
  await lockPurchaseOrder(transaction, orderId, now);
  for (const reply of await rows(transaction, UNJUDGED, [orderId])) {
    const { verdict, answer } = judge(reply);
    const isUsed =
      answer !== undefined &&
      (await row(transaction, USED, [reply.supplierId, reply.webhookId])) !== undefined;
    await rows(transaction, JUDGED, [reply.id, isUsed ? 'repeated' : verdict]);
    verdicts.push(isUsed ? 'repeated' : verdict);
    if (answer === undefined || isUsed) continue;
    await apply(transaction, await lockPurchaseOrder(transaction, orderId, now), answer, now);
  }
  return { order: await requirePurchaseOrderState(transaction, orderId), verdicts };
}

const CONFIRM_ALL = statement('UPDATE purchase_order_lines SET confirmed = ordered WHERE order_id = $1');

const CONFIRM = statement<{ isPartial: boolean }>(
  `WITH confirmed AS (
     UPDATE purchase_order_lines l SET confirmed = least(l.ordered, coalesce((
       SELECT sum(said.quantity) FROM jsonb_to_recordset($2::jsonb) AS said(sku varchar, quantity integer)
       WHERE said.sku = l.supplier_sku), 0))
     WHERE l.order_id = $1 RETURNING confirmed < ordered AS short
   ) SELECT bool_or(short) AS "isPartial" FROM confirmed`,
  { isPartial: boolean },
);

const EXPECT = statement(
  `UPDATE purchase_orders SET expected_at = $2, remind_at = $2, reminders = 0,
     attention = CASE WHEN attention <> 'late' THEN attention END
   WHERE id = $1`,
);

/** An order that is over stays so, whatever its supplier says. */
async function apply(
  transaction: Transaction,
  order: LockedPurchaseOrder,
  answer: SupplierAnswer,
  at: Date,
): Promise<void> {
  const { id, status } = order;
  const isExpected = status === 'sending' || status === 'ordered' || status === 'partly_received';
  if (!isExpected) return;
  if (answer.kind === 'refused') return refuse(transaction, order, at);
  if (status === 'sending') await acknowledgeOrder(transaction, order, at);
  if (answer.kind === 'dispatched') {
    await rows(transaction, EXPECT, [id, answer.expectedAt]);
    await recordEvents(transaction, PURCHASE_ORDER, id, {
      type: 'purchase_order.dispatched',
      payload: { expectedAt: answer.expectedAt.toISOString() },
    });
    return;
  }
  let isPartial = false;
  if (answer.kind === 'accepted') await rows(transaction, CONFIRM_ALL, [id]);
  else ({ isPartial } = (await row(transaction, CONFIRM, [id, JSON.stringify(answer.lines)]))!);
  await recordEvents(transaction, PURCHASE_ORDER, id, {
    type: 'purchase_order.confirmed',
    payload: { isPartial },
  });
  if (isPartial) await setAttention(transaction, id, 'partly_accepted');
}

/** What has come stays, and a person closes the rest. */
async function refuse(transaction: Transaction, order: LockedPurchaseOrder, at: Date): Promise<void> {
  if (order.status === 'partly_received') return setAttention(transaction, order.id, 'refused');
  if (order.status === 'sending') await acknowledgeOrder(transaction, order, at);
  await movePurchaseOrder(transaction, order.id, { to: 'refused', at });
  await recordEvents(transaction, PURCHASE_ORDER, order.id, {
    type: 'purchase_order.refused',
    payload: {},
  });
  await endMissingLines(transaction, order.id);
  await setAttention(transaction, order.id, 'refused');
}
