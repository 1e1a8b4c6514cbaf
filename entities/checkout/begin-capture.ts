import { recordEvents } from '../events/record-events';
import { holdAgain } from '../inventory/hold-again';
import { lockOrder } from '../orders/lock-order';
import { Order } from '../orders/order';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { refuseAttempt } from './refuse-attempt';

/** A request to take the money of an attempt. */
export interface BeginCapture {
  readonly orderId: string;
  readonly attemptId: string;
  /** Whether the gateway says that the money is there. Then an expired order may be reopened for it. */
  readonly moneyIsThere: boolean;
}

/** A capture that may go on, or the order that does not permit it. */
export type CaptureStart = { readonly begun: Capture } | { readonly begun: null; readonly order: OrderState };

/** What a verification needs: the attempt's own frozen amount, and the round that the answer belongs to. */
export interface Capture {
  readonly attemptId: string;
  readonly gateway: string;
  readonly authority: string;
  readonly amount: number;
  readonly captureRound: number;
}

/** An attempt that is already verifying keeps its round: a workflow that was reset asks again for what it has begun. */
const START_VERIFYING = statement<Capture>(
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
  { attemptId: uuid, gateway: text, authority: text, amount: integer, captureRound: integer },
);

const LOCK_CART = statement<{ locked: number }>(
  'SELECT 1 AS locked FROM carts c JOIN orders o ON o.cart_id = c.id WHERE o.id = $1 FOR UPDATE OF c',
  { locked: integer },
);

const LOCK_OPEN_ATTEMPT = statement<{ locked: number }>(
  `SELECT 1 AS locked FROM payment_attempts WHERE id = $2 AND order_id = $1 AND status = 'open' FOR UPDATE`,
  { locked: integer },
);

const FIND_OTHER_OPEN_ORDER = statement<{ id: string }>(
  `SELECT o.id FROM orders o JOIN orders mine ON mine.cart_id = o.cart_id
   WHERE mine.id = $1 AND o.id <> $1 AND o.status = 'awaiting_payment'`,
  { id: uuid },
);

/**
 * Decides by the rows whether money may be taken now. If so, it moves the attempt from open to verifying, one per order. Until
 * the gateway's answer is settled, the order can then neither expire nor be cancelled. Every stored callback of the attempt
 * counts as processed.
 *
 * An expired order is reopened, with its stock, once the money is known to be there. When that is impossible, the attempt is
 * refused, and its money goes back by itself.
 */
export async function beginCapture(transaction: Transaction, input: BeginCapture): Promise<CaptureStart> {
  const { orderId, attemptId, moneyIsThere } = input;
  // Locks come in one order everywhere, the cart before the order.
  if (moneyIsThere) await rows(transaction, LOCK_CART, [orderId]);
  const status = await lockOrder(transaction, orderId);
  const isAwaiting =
    status === 'awaiting_payment' ||
    (status === 'expired' && moneyIsThere && (await reopen(transaction, input)));
  const begun = isAwaiting ? await row(transaction, START_VERIFYING, [orderId, attemptId]) : undefined;
  return begun ? { begun } : { begun: null, order: await requireOrderState(transaction, orderId) };
}

/** Reopens the expired, locked order. If that is impossible, it refuses the attempt. Stock is locked last. */
async function reopen(transaction: Transaction, { orderId, attemptId }: BeginCapture): Promise<boolean> {
  if (!(await row(transaction, LOCK_OPEN_ATTEMPT, [orderId, attemptId]))) return false;
  const other = await row(transaction, FIND_OTHER_OPEN_ORDER, [orderId]);
  if (other || !(await holdAgain(transaction, orderId))) {
    const reason = other ? 'cart_has_another_order' : 'stock_gone';
    await refuseAttempt(transaction, { orderId, attemptId, reason });
    return false;
  }
  await transaction.update(Order, { id: orderId }, { status: 'awaiting_payment' });
  await recordEvents(transaction, ORDER, orderId, { type: 'order.reopened', payload: { attemptId } });
  return true;
}
