import { takeOutOfCart } from '../carts/take-out-of-cart';
import { recordEvents } from '../events/record-events';
import { commitStock } from '../inventory/commit-stock';
import { ORDER } from '../orders/orders.events';
import { gatewayAccount, SALES_ACCOUNT } from '../payments/ledger-entry';
import { row, type Transaction } from '../sql';
import { rials } from '../values/money';

/** What a gateway said when it captured the money. */
export interface Receipt {
  readonly refId: string | null;
  readonly cardPan?: string;
  readonly fee?: number;
}

/**
 * Makes a verifying attempt pay its order: one statement settles both (neither can be without the other), posts the
 * money and closes or refuses every other attempt; then the stock is sold, the cart lightened and the journal told. Cart,
 * order and attempt are locked before anything is decided, so that what is decided on is how they stand.
 *
 * @returns false, with nothing done, when the attempt is not verifying or the order does not await payment
 */
export async function settleOrder(
  transaction: Transaction,
  orderId: string,
  attemptId: string,
  receipt: Receipt,
): Promise<boolean> {
  const settled = await row<{
    cartId: string;
    gateway: string;
    amount: number;
    refused: { id: string; gateway: string }[] | null;
  }>(
    transaction,
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
     SELECT paid.cart_id AS "cartId", settled.gateway, settled.amount,
       (SELECT json_agg(json_build_object('id', id, 'gateway', gateway)) FROM others WHERE status = 'refused') AS refused
     FROM paid, settled`,
    [
      orderId,
      attemptId,
      receipt.refId,
      receipt.cardPan ?? null,
      receipt.fee ?? null,
      gatewayAccount(''),
      SALES_ACCOUNT,
    ],
  );
  if (!settled) return false;
  await commitStock(transaction, orderId);
  await takeOutOfCart(transaction, settled.cartId, orderId);
  await recordEvents(
    transaction,
    ORDER,
    orderId,
    {
      type: 'order.paid',
      payload: { attemptId, gateway: settled.gateway, amount: rials(settled.amount), refId: receipt.refId },
    },
    ...(settled.refused ?? []).map((other) => ({
      type: 'order.payment_refused' as const,
      payload: { attemptId: other.id, gateway: other.gateway, reason: 'order_paid_otherwise' as const },
    })),
  );
  return true;
}
