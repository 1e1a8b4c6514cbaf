import type { PaymentResult } from '../../entities/checkout/read-payment-result';
import { assertThat } from '../../entities/errors';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';
import { requestPaymentPage } from '../orders/request-payment-page';

/** A buyer's request for another payment page, with the result of a payment in hand. */
export interface PayAgain {
  readonly attemptId: string;
  readonly result: PaymentResult;
  readonly log: Logger;
}

/**
 * Opens another payment page of the order. A browser's form has no key to send, so the key is made of the payment that was
 * not made: however often the button is pressed, it opens one page, and another one only when the gateway gave none.
 *
 * @throws AppError as {@link requestPaymentPage}
 */
export async function payAgain(
  dependencies: Pick<Dependencies, 'database' | 'checkout' | 'checkoutConfig'>,
  { attemptId, result: { orderId, gateway }, log }: PayAgain,
): Promise<{ order: OrderState; isNew: boolean }> {
  const order = await readOrderState(dependencies.database.manager, orderId);
  assertThat(order, 'order.not_found');
  const failed = order.attempts.filter(({ status, authority }) => status === 'closed' && authority === null);
  const idempotencyKey = `result:${attemptId}:${failed.length}`;
  return requestPaymentPage(dependencies, { known: order, gateway, idempotencyKey, log });
}
