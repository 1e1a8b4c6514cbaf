import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { releaseStock } from '../inventory/release-stock';
import { readOrderState, type OrderState } from '../orders/order-state';
import type { OrderStatus } from '../orders/order-status';
import { ORDER, type OrderEvent } from '../orders/orders.events';
import { row, type Transaction } from '../sql';
import { claimStep } from '../steps/claim-step';

/** The end of an order that nobody paid. */
export interface CloseOrder {
  readonly orderId: string;
  /** The key of the step that placed the order: taking it keeps a placing that arrives late from doing anything. */
  readonly placeKey: string;
  readonly as: 'expired' | 'cancelled';
}

/**
 * Closes an order that awaits payment: status, stock and attempts in one go. It is the undo of placing: safe to repeat,
 * and safe for an order that never came to be. At expiry open attempts stay open, because a buyer may pay late; after a
 * cancellation they are refused, because the order will not come back.
 *
 * @returns the order as it is now; null when there is none
 * @throws AppError `order.verifying` while an attempt verifies; `order.not_cancellable` for the cancellation of an order
 * that is paid or has expired
 */
export async function closeOrder(transaction: Transaction, input: CloseOrder): Promise<OrderState | null> {
  await claimStep(transaction, input.placeKey);
  const order = await row<{ status: OrderStatus }>(
    transaction,
    'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
    [input.orderId],
  );
  if (!order) return null;
  if (order.status === 'awaiting_payment') {
    await endOrder(transaction, input);
  } else if (input.as === 'cancelled' && order.status !== 'cancelled') {
    throw new AppError('order.not_cancellable', { status: order.status });
  }
  return (await readOrderState(transaction, input.orderId)) ?? null;
}

/** The order is locked, so no attempt can begin to verify while this looks. */
async function endOrder(transaction: Transaction, { orderId, as }: CloseOrder): Promise<void> {
  const ended = await row<{ refused: { id: string; gateway: string }[] | null }>(
    transaction,
    `WITH ended AS (
       UPDATE orders SET status = $2
       WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM payment_attempts p WHERE p.order_id = $1 AND p.status = 'verifying')
       RETURNING id
     ), attempts AS (
       UPDATE payment_attempts p
       SET status = CASE p.status WHEN 'requesting' THEN 'closed' ELSE 'refused' END
       FROM ended
       WHERE p.order_id = ended.id AND (p.status = 'requesting' OR (p.status = 'open' AND $2 = 'cancelled'))
       RETURNING p.id, p.gateway, p.status
     ), seen AS (
       UPDATE payment_callbacks c SET processed_at = now() FROM attempts
       WHERE c.attempt_id = attempts.id AND c.processed_at IS NULL
     )
     SELECT (SELECT json_agg(json_build_object('id', id, 'gateway', gateway)) FROM attempts WHERE status = 'refused')
       AS refused
     FROM ended`,
    [orderId, as],
  );
  if (!ended) throw new AppError('order.verifying');
  await releaseStock(transaction, orderId);
  const closed: OrderEvent = { type: as === 'expired' ? 'order.expired' : 'order.cancelled', payload: {} };
  await recordEvents(
    transaction,
    ORDER,
    orderId,
    closed,
    ...(ended.refused ?? []).map((attempt) => ({
      type: 'order.payment_refused' as const,
      payload: { attemptId: attempt.id, gateway: attempt.gateway, reason: 'order_cancelled' as const },
    })),
  );
}
