import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { releaseStock } from '../inventory/release-stock';
import { lockOrder } from '../orders/lock-order';
import { readOrderState, type OrderState } from '../orders/order-state';
import { ORDER, type OrderEvent } from '../orders/orders.events';
import { jsonList, jsonObject, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { claimStep } from '../steps/claim-step';

/** The end of an unpaid order. */
export interface CloseOrder {
  readonly orderId: string;
  /** The key of the step that placed the order. Claiming it stops a placing that arrives late. */
  readonly placeKey: string;
  readonly as: 'expired' | 'cancelled';
}

interface RefusedAttempt {
  readonly id: string;
  readonly gateway: string;
}

const END = statement<{ refused: readonly RefusedAttempt[] }>(
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
   SELECT coalesce((
     SELECT json_agg(json_build_object('id', id, 'gateway', gateway)) FROM attempts WHERE status = 'refused'
   ), '[]') AS refused
   FROM ended`,
  { refused: jsonList(jsonObject<RefusedAttempt>({ id: uuid, gateway: text })) },
);

/**
 * Closes an order that awaits payment: status, stock and attempts together. It is the undo of placing: it may be repeated,
 * and it may run for an order that was never placed. At expiry open attempts stay open, because a buyer may pay late. A
 * cancellation refuses them, because a cancelled order never reopens.
 *
 * @returns the present order; null when there is none
 * @throws AppError `order.verifying` while an attempt verifies; `order.not_cancellable` when a paid or expired order is to be
 * cancelled
 */
export async function closeOrder(transaction: Transaction, input: CloseOrder): Promise<OrderState | null> {
  await claimStep(transaction, input.placeKey);
  const status = await lockOrder(transaction, input.orderId);
  if (!status) return null;
  if (status === 'awaiting_payment') {
    await endOrder(transaction, input);
  } else if (input.as === 'cancelled' && status !== 'cancelled') {
    throw new AppError('order.not_cancellable', { orderStatus: status });
  }
  return (await readOrderState(transaction, input.orderId)) ?? null;
}

/** The order is locked, so no attempt can begin to verify meanwhile. */
async function endOrder(transaction: Transaction, { orderId, as }: CloseOrder): Promise<void> {
  const ended = await row(transaction, END, [orderId, as]);
  if (!ended) throw new AppError('order.verifying');
  await releaseStock(transaction, orderId);
  const closed: OrderEvent = { type: as === 'expired' ? 'order.expired' : 'order.cancelled', payload: {} };
  await recordEvents(
    transaction,
    ORDER,
    orderId,
    closed,
    ...ended.refused.map((attempt) => ({
      type: 'order.payment_refused' as const,
      payload: { attemptId: attempt.id, gateway: attempt.gateway, reason: 'order_cancelled' as const },
    })),
  );
}
