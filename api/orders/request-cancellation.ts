import { assertThat } from '../../entities/errors';
import type { OrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';
import type { RecordStaff } from './record-staff';
import { orderAfter } from './workflow-answer';

/**
 * Cancels an order that awaits payment. An order that is cancelled already stays so.
 *
 * @param known the order as the caller may see it
 * @throws AppError `order.not_cancellable`, `order.verifying`, `service.unavailable`
 */
export async function requestCancellation(
  dependencies: Pick<Dependencies, 'database' | 'checkout'>,
  { known, record, log }: { readonly known: OrderState; readonly record: RecordStaff; readonly log: Logger },
): Promise<OrderState> {
  const { id: orderId } = known;
  assertCancellable(known);
  if (isCancelled(known)) return known;
  const verifies = known.attempts.some(({ status }) => status === 'verifying');
  assertThat(!verifies, 'order.verifying');
  await record();
  const result = await dependencies.checkout.cancel(orderId, newId());
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
