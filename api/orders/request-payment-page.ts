import { openingRefusal } from '../../entities/checkout/opening-refusal';
import { AppError, assertThat } from '../../entities/errors';
import type { OrderState } from '../../entities/orders/order-state';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import { derivedId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';
import type { RecordStaff } from './record-staff';
import { orderAfter } from './workflow-answer';

/** A request for another payment page. */
export interface PaymentPageRequest {
  /** The order as the caller may see it. */
  readonly known: OrderState;
  readonly idempotencyKey: string;
  readonly gateway: string;
  /** Needed where somebody of the staff may ask. */
  readonly record?: RecordStaff;
  readonly log: Logger;
}

/**
 * Opens another attempt, or finds the one that this request made before.
 *
 * @throws AppError `order.not_awaiting_payment`, `order.verifying`, `payment.attempt_limit`,
 * `payment.too_late`, `request.idempotency_key_reused`, `service.unavailable`
 */
export async function requestPaymentPage(
  dependencies: Pick<Dependencies, 'database' | 'checkout' | 'checkoutConfig'>,
  { known, idempotencyKey, gateway, record, log }: PaymentPageRequest,
): Promise<{ order: OrderState; isNew: boolean }> {
  const { checkout, checkoutConfig } = dependencies;
  const { id: orderId } = known;
  const cause = `request:${derivedId('payment', orderId, idempotencyKey)}`;
  const attemptId = attemptIdOf(orderId, cause);
  const earlier = known.attempts.find(({ id }) => id === attemptId);
  assertThat(!earlier || earlier.gateway === gateway, 'request.idempotency_key_reused');
  if (earlier && earlier.status !== 'requesting') return { order: known, isNew: false };
  assertAwaits(known);
  if (!earlier) refuseByRows(known, checkoutConfig.paymentAttempts);

  await record?.();
  const result = await checkout.openPayment(orderId, cause, gateway);
  const order = await orderAfter(dependencies, { orderId, log, result }, (now) => {
    assertAwaits(now);
    return undefined;
  });
  const made = order.attempts.find(({ id }) => id === attemptId);
  assertThat(!made || made.gateway === gateway, 'request.idempotency_key_reused');
  return { order, isNew: result.kind === 'answered' && result.answer.isNew === true };
}

/**
 * The workflow would refuse the same. Refusing here spares it the message and the caller the wait. Whether the page would end
 * too late is left to the workflow, which goes by the clock of Postgres.
 */
function refuseByRows({ status, attempts }: OrderState, attemptsAtMost: number): void {
  const refusal = openingRefusal(
    {
      status,
      isVerifying: attempts.some((attempt) => attempt.status === 'verifying'),
      pages: attempts.filter(({ authority }) => authority !== null).length,
      tries: attempts.length,
      inTime: true,
    },
    attemptsAtMost,
  );
  if (refusal) throw refusal;
}

function assertAwaits({ status }: OrderState): void {
  if (status !== 'awaiting_payment')
    throw new AppError('order.not_awaiting_payment', { orderStatus: status });
}
