import { AppError } from '../../entities/errors';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import type { Logger } from '../../platform/logger';
import type { CallResult } from '../../temporal/call-workflow';
import type { CheckoutCalls } from '../../temporal/checkout';
import type { CheckoutAnswer } from '../../workflows/checkout/checkout.contract';
import type { Dependencies } from '../dependencies';

/** A call to the workflow of an order. */
export interface OrderCall {
  readonly orderId: string;
  readonly result: CallResult<CheckoutAnswer>;
  readonly log: Logger;
}

/**
 * The order after a call to its workflow. When the workflow has ended, Postgres has the order's state. An order that awaits
 * payment without a workflow has lost it: the workflow is started again from the rows, and the caller repeats the request.
 * The caller also repeats it when no worker took the call.
 *
 * @param accept judges the order's present state: returns it as the answer, throws a refusal, or returns undefined
 */
export async function orderAfter(
  { database, checkout }: Pick<Dependencies, 'database' | 'checkout'>,
  { orderId, result, log }: OrderCall,
  accept: (order: OrderState) => OrderState | undefined,
): Promise<OrderState> {
  if (result.kind === 'answered') return result.answer.order;
  if (result.kind === 'refused') throw new AppError(result.code, result.details);
  if (result.kind === 'read_again') {
    const order = await readOrderState(database.manager, orderId);
    const answer = order && accept(order);
    if (answer) return answer;
    await wakeLost(checkout, orderId, log);
  }
  throw unanswered(result);
}

/** Starts the workflow of an order again, from the rows, unless it runs. A failure is left to the sweep. */
export async function wakeLost(checkout: CheckoutCalls, orderId: string, log: Logger): Promise<void> {
  await checkout.wakeIfLost(orderId).catch((error: unknown) => {
    log.warn({ err: error, orderId }, 'a lost workflow could not be started again: the sweep will do it');
  });
}

/** The refusal where the workflow gave no answer: the caller may repeat the request. The log gets the cause. */
export function unanswered(result: CallResult<unknown>): AppError {
  const cause = result.kind === 'unavailable' ? result.cause : undefined;
  return new AppError('service.unavailable', {}, { cause });
}
