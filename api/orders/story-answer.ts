import { AppError } from '../../entities/errors';
import type { OrderState } from '../../entities/orders/order-state';
import type { CallResult } from '../../temporal/checkout';

/**
 * The order after a call to its story. Where the story is over or gone, Postgres says how things stand; where nobody took
 * the call, the caller may repeat it.
 *
 * @param readAgain reads the order, or throws what its present state has to say to the call
 */
export async function orderAfter(
  result: CallResult,
  readAgain: () => Promise<OrderState | undefined>,
): Promise<OrderState> {
  if (result.kind === 'answered') return result.answer.order;
  if (result.kind === 'refused') throw new AppError(result.code, result.details);
  const order = result.kind === 'read_again' ? await readAgain() : undefined;
  if (!order) throw new AppError('service.unavailable');
  return order;
}
