import { assertThat } from '../../entities/errors';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';
import { orderAfter } from './workflow-answer';

/**
 * Cancels an order that awaits payment. An order that is cancelled already stays so.
 *
 * @throws AppError `order.not_found`, `order.not_cancellable`, `order.verifying`, `service.unavailable`
 */
export async function requestCancellation(
  dependencies: Pick<Dependencies, 'database' | 'checkout'>,
  { orderId, log }: { readonly orderId: string; readonly log: Logger },
): Promise<OrderState> {
  const { database, checkout } = dependencies;
  const known = await readOrderState(database.manager, orderId);
  assertThat(known, 'order.not_found');
  assertCancellable(known);
  if (isCancelled(known)) return known;
  const verifies = known.attempts.some(({ status }) => status === 'verifying');
  assertThat(!verifies, 'order.verifying');
  const result = await checkout.cancel(orderId, newId());
  return orderAfter(dependencies, { orderId, log, result }, (now) => {
    assertCancellable(now);
    return isCancelled(now) ? now : undefined;
  });
}

function assertCancellable({ status }: OrderState): void {
  const isCancellable = status === 'cancelled' || status === 'awaiting_payment';
  assertThat(isCancellable, 'order.not_cancellable', { orderStatus: status });
}

function isCancelled({ status }: OrderState): boolean {
  return status === 'cancelled';
}
