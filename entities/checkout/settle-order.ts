import { takeOutOfCart } from '../carts/take-out-of-cart';
import { recordEvents } from '../events/record-events';
import { commitStock } from '../inventory/commit-stock';
import { ORDER } from '../orders/orders.events';
import { PaymentAttempt } from '../payments/attempt';
import { gatewayAccount, SALES_ACCOUNT } from '../payments/ledger-entry';
import { integer, jsonList, jsonObject, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { money } from '../values/money';

/** What a gateway said when it captured the money. */
export interface Receipt {
  readonly refId: string | null;
  readonly cardPan?: string;
  readonly fee?: number;
}

interface RefusedAttempt {
  readonly id: string;
  readonly gateway: string;
}

interface Settled {
  readonly cartId: string;
  readonly gateway: string;
  readonly amount: number;
  readonly refused: readonly RefusedAttempt[];
}

const SETTLE = statement<Settled>(
  `WITH cart AS MATERIALIZED (
     SELECT c.id FROM carts c JOIN orders o ON o.cart_id = c.id WHERE o.id = $1 FOR UPDATE OF c
   ), wanted AS MATERIALIZED (
     SELECT o.id, p.id AS attempt_id
     FROM orders o JOIN payment_attempts p ON p.order_id = o.id LEFT JOIN cart ON true
     WHERE o.id = $1 AND o.status = 'awaiting_payment' AND p.id = $2 AND p.status = 'verifying'
     FOR UPDATE OF o, p
   ), paid AS (
     UPDATE orders o
     SET status = 'placed', payment_status = 'paid', settled_attempt_id = wanted.attempt_id, paid_at = now()
     FROM wanted WHERE o.id = wanted.id
     RETURNING o.id, o.cart_id, o.currency
   ), settled AS (
     UPDATE payment_attempts p
     SET status = 'settled', captured = p.amount, ref_id = $3, card_pan = $4, fee = $5, failure_code = NULL
     FROM paid WHERE p.id = $2
     RETURNING p.id, p.gateway, p.amount, p.currency
   ), others AS (
     UPDATE payment_attempts p
     SET status = CASE p.status WHEN 'requesting' THEN 'closed' ELSE 'refused' END
     FROM paid WHERE p.order_id = paid.id AND p.id <> $2 AND p.status IN ('requesting', 'open')
     RETURNING p.id, p.gateway, p.status
   ), posted AS (
     INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
     SELECT 'capture:' || id, 1, $1, $6 || gateway, $7, amount, currency FROM settled WHERE amount > 0
   ), seen AS (
     UPDATE payment_callbacks c SET processed_at = now()
     FROM paid JOIN payment_attempts p ON p.order_id = paid.id
     WHERE c.attempt_id = p.id AND c.processed_at IS NULL
   )
   SELECT paid.cart_id AS "cartId", settled.gateway, settled.amount, coalesce((
     SELECT json_agg(json_build_object('id', id, 'gateway', gateway)) FROM others WHERE status = 'refused'
   ), '[]') AS refused
   FROM paid, settled`,
  {
    cartId: uuid,
    gateway: text,
    amount: integer,
    refused: jsonList(jsonObject<RefusedAttempt>({ id: uuid, gateway: text })),
  },
);

/**
 * Makes a verifying attempt pay its order. One statement settles both (neither can be without the other), posts the money,
 * and closes or refuses every other attempt. Then the stock is sold, the cart emptied of it, and the events are recorded. Cart,
 * order and attempt are locked before anything is decided, so the decision rests on their present state.
 *
 * @returns false, with nothing done, when the attempt is not verifying or the order does not await payment
 */
export async function settleOrder(
  transaction: Transaction,
  orderId: string,
  attemptId: string,
  receipt: Receipt,
): Promise<boolean> {
  const settled = await row(transaction, SETTLE, [
    orderId,
    attemptId,
    receipt.refId,
    receipt.cardPan ?? null,
    receipt.fee ?? null,
    gatewayAccount(''),
    SALES_ACCOUNT,
  ]);
  if (!settled) return false;
  await commitStock(transaction, orderId);
  await takeOutOfCart(transaction, settled.cartId, orderId);
  await recordEvents(
    transaction,
    ORDER,
    orderId,
    {
      type: 'order.paid',
      payload: { attemptId, gateway: settled.gateway, amount: money(settled.amount), refId: receipt.refId },
    },
    ...settled.refused.map((other) => ({
      type: 'order.payment_refused' as const,
      payload: { attemptId: other.id, gateway: other.gateway, reason: 'order_paid_otherwise' as const },
    })),
  );
  return true;
}

/** Settles an order that costs nothing, by its attempt of gateway `none`: there is no gateway to ask. */
export async function settleFreeOrder(transaction: Transaction, orderId: string): Promise<void> {
  const attempt = await transaction.findOne(PaymentAttempt, {
    select: { id: true },
    where: { orderId, gateway: 'none', status: 'verifying' },
  });
  if (!attempt || !(await settleOrder(transaction, orderId, attempt.id, { refId: null }))) {
    throw new Error(`free order ${orderId} cannot be settled`);
  }
}
