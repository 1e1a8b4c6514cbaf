import { AppError } from '../errors';
import type { OrderStatus } from '../orders/order-status';

/** What decides whether an order may have another payment page. */
export interface OpenableOrder {
  readonly status: OrderStatus;
  readonly isVerifying: boolean;
  /** Attempts with an authority. */
  readonly pages: number;
  /** All attempts. */
  readonly tries: number;
  /** Whether another page would end early enough after the order was placed. */
  readonly inTime: boolean;
}

/** A try without a page does not count as an attempt, but each is a call that counts against the whole shop. */
const TRIES_PER_PAGE = 5;

/** Why the order may not have another payment page; undefined when it may. */
export function openingRefusal(
  { status, isVerifying, pages, tries, inTime }: OpenableOrder,
  attemptsAtMost: number,
): AppError | undefined {
  if (status !== 'awaiting_payment')
    return new AppError('order.not_awaiting_payment', { orderStatus: status });
  if (isVerifying) return new AppError('order.verifying');
  if (pages >= attemptsAtMost || tries >= attemptsAtMost * TRIES_PER_PAGE) {
    return new AppError('payment.attempt_limit', { limit: attemptsAtMost });
  }
  return inTime ? undefined : new AppError('payment.too_late');
}
