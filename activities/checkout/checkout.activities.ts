import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeAttempt } from '../../entities/checkout/close-attempt';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { markCallbacksProcessed } from '../../entities/checkout/mark-callbacks-processed';
import { openAttempt } from '../../entities/checkout/open-attempt';
import { placeOrder } from '../../entities/checkout/place-order';
import { recordAuthority } from '../../entities/checkout/record-authority';
import { recordSurplus } from '../../entities/checkout/record-surplus';
import { abandonRefund, beginRefund, recordRefunded } from '../../entities/checkout/refund-surplus';
import { refuseAttempt } from '../../entities/checkout/refuse-attempt';
import { reopenAttempt } from '../../entities/checkout/reopen-attempt';
import { AppError } from '../../entities/errors';
import { readOrderState, requireOrderState } from '../../entities/orders/order-state';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import type { CheckoutSteps, PlacedOrder } from '../../workflows/checkout/checkout.steps';
import type { Gateways } from '../payments/gateways';
import type { Steps } from '../step';

/** The steps of the checkout workflow. They run operations of `entities/` and decide nothing themselves. */
export function createCheckoutActivities({ step, stepOnce }: Steps, gateways: Gateways): CheckoutSteps {
  return {
    placeOrder: stepOnce(
      async (transaction, input): Promise<PlacedOrder> => ({
        order: await placeOrder(transaction, input, gateways.named(input.gateway).limits),
        fresh: true,
      }),
      async (transaction, { orderId }): Promise<PlacedOrder> => {
        const order = await readOrderState(transaction, orderId);
        if (!order) throw new AppError('order.not_found');
        return { order, fresh: false };
      },
    ),
    readOrder: step(async (transaction, { orderId }) => (await readOrderState(transaction, orderId)) ?? null),
    openAttempt: stepOnce(
      (transaction, input) => openAttempt(transaction, input, gateways.named(input.gateway).limits),
      async (transaction, { orderId, cause }) => ({
        order: await requireOrderState(transaction, orderId),
        attemptId: attemptIdOf(orderId, cause),
        fresh: false,
      }),
    ),
    recordAuthority: step(recordAuthority),
    closeAttempt: step(closeAttempt),
    beginCapture: step(beginCapture),
    reopenAttempt: step(reopenAttempt),
    markCallbacksProcessed: step(markCallbacksProcessed),
    confirmOrder: stepOnce(confirmOrder, (transaction, { orderId }) =>
      requireOrderState(transaction, orderId),
    ),
    refuseAttempt: step(refuseAttempt),
    closeOrder: step(closeOrder),
    recordSurplus: step(recordSurplus),
    beginRefund: step(beginRefund),
    abandonRefund: step(abandonRefund),
    recordRefunded: step(recordRefunded),
  };
}
