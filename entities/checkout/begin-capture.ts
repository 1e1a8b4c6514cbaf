import { recordEvents } from '../events/record-events';
import { holdAgain } from '../inventory/hold-again';
import { requireOrderState, type OrderState } from '../orders/order-state';
import type { OrderStatus } from '../orders/order-status';
import { ORDER } from '../orders/orders.events';
import { row, rows, type Transaction } from '../sql';
import { refuseAttempt } from './refuse-attempt';

/** The request to take the money of an attempt. */
export interface BeginCapture {
  readonly orderId: string;
  readonly attemptId: string;
  /** The gateway says that the money is there: an expired order may be reopened for it. */
  readonly moneyIsThere: boolean;
}

/** A capture that may go on, or the order as it is, which tells why it may not. */
export type CaptureStart = { readonly begun: Capture } | { readonly begun: null; readonly order: OrderState };

/** What is needed to verify: the attempt's own frozen amount and the round that the answer belongs to. */
export interface Capture {
  readonly attemptId: string;
  readonly gateway: string;
  readonly authority: string;
  readonly amount: number;
  readonly captureRound: number;
}

/**
 * Asks the tables whether money may be taken now, and if so moves the attempt from open to verifying, one per order. From
 * then on the order can neither expire nor be cancelled until the gateway's answer is settled. Every stored callback of
 * the attempt counts as seen. An expired order is reopened, stock and all, once the money is known to be there;
 * when that cannot be, the attempt is refused and its money goes back by itself.
 */
export async function beginCapture(transaction: Transaction, input: BeginCapture): Promise<CaptureStart> {
  if (input.moneyIsThere) await lockCartOf(transaction, input.orderId);
  const order = await row<{ status: OrderStatus }>(
    transaction,
    'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
    [input.orderId],
  );
  const awaiting =
    order?.status === 'awaiting_payment' ||
    (order?.status === 'expired' && input.moneyIsThere && (await reopen(transaction, input)));
  const begun = awaiting ? await startVerifying(transaction, input) : undefined;
  return begun ? { begun } : { begun: null, order: await requireOrderState(transaction, input.orderId) };
}

/** An attempt that verifies already goes on with its round: a workflow that was reset asks again for what it had begun. */
async function startVerifying(transaction: Transaction, input: BeginCapture): Promise<Capture | undefined> {
  return row<Capture>(
    transaction,
    `WITH begun AS (
       UPDATE payment_attempts p
       SET status = 'verifying', last_capture_at = now(),
         capture_round = capture_round + CASE p.status WHEN 'open' THEN 1 ELSE 0 END
       WHERE p.id = $2 AND p.order_id = $1 AND p.status IN ('open', 'verifying') AND NOT EXISTS (
         SELECT 1 FROM payment_attempts o
         WHERE o.order_id = $1 AND o.id <> $2 AND o.status IN ('verifying', 'settled'))
       RETURNING p.id, p.gateway, p.authority, p.amount, p.capture_round
     ), seen AS (
       UPDATE payment_callbacks c SET processed_at = now() FROM begun
       WHERE c.attempt_id = begun.id AND c.processed_at IS NULL
     )
     SELECT id AS "attemptId", gateway, authority, amount, capture_round AS "captureRound" FROM begun`,
    [input.orderId, input.attemptId],
  );
}

/** Locks come in one order everywhere, the cart before the order. */
async function lockCartOf(transaction: Transaction, orderId: string): Promise<void> {
  await rows(
    transaction,
    'SELECT 1 FROM carts c JOIN orders o ON o.cart_id = c.id WHERE o.id = $1 FOR UPDATE OF c',
    [orderId],
  );
}

/** Whether the expired, locked order awaits payment again; if it cannot, the attempt is refused. Stock is locked last. */
async function reopen(transaction: Transaction, input: BeginCapture): Promise<boolean> {
  const attempt = await row(
    transaction,
    `SELECT 1 FROM payment_attempts WHERE id = $2 AND order_id = $1 AND status = 'open' FOR UPDATE`,
    [input.orderId, input.attemptId],
  );
  if (!attempt) return false;
  const other = await row(
    transaction,
    `SELECT 1 FROM orders o JOIN orders mine ON mine.cart_id = o.cart_id
     WHERE mine.id = $1 AND o.id <> $1 AND o.status = 'awaiting_payment'`,
    [input.orderId],
  );
  if (other || !(await holdAgain(transaction, input.orderId))) {
    const reason = other ? 'cart_has_another_order' : 'stock_gone';
    await refuseAttempt(transaction, { orderId: input.orderId, attemptId: input.attemptId, reason });
    return false;
  }
  await rows(transaction, `UPDATE orders SET status = 'awaiting_payment' WHERE id = $1`, [input.orderId]);
  await recordEvents(transaction, ORDER, input.orderId, {
    type: 'order.reopened',
    payload: { attemptId: input.attemptId },
  });
  return true;
}
