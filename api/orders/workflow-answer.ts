import { AppError } from '../../entities/errors';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import type { CallResult } from '../../temporal/call-workflow';
import type { CheckoutAnswer } from '../../workflows/checkout/checkout.contract';
import type { Dependencies } from '../dependencies';

/**
 * The order after a call to its workflow. Where the workflow is over, Postgres says how things stand. Where there is none although
 * the order awaits payment, it got lost: it is started anew from the rows, and the caller asks again. Where nobody took the
 * call, the caller may repeat it too.
 *
 * @param accept what the order's present state has to say to the call: the answer, a refusal that it throws, or undefined
 */
export async function orderAfter(
  { database, checkout, logger }: Dependencies,
  orderId: string,
  result: CallResult<CheckoutAnswer>,
  accept: (order: OrderState) => OrderState | undefined,
): Promise<OrderState> {
  if (result.kind === 'answered') return result.answer.order;
  if (result.kind === 'refused') throw new AppError(result.code, result.details);
  if (result.kind === 'read_again') {
    const order = await readOrderState(database.manager, orderId);
    const answer = order && accept(order);
    if (answer) return answer;
    await checkout.wake(orderId).catch((error: unknown) => {
      logger.warn({ err: error, orderId }, 'a lost workflow could not be started anew: the sweep will');
    });
  }
  throw unanswered(result);
}

/** What a caller is told whose workflow gave no answer: to ask again. The log is told why. */
export function unanswered(result: CallResult<CheckoutAnswer>): AppError {
  const cause = result.kind === 'unavailable' ? result.cause : undefined;
  return new AppError('service.unavailable', {}, { cause });
}
