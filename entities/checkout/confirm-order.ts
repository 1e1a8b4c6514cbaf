import { AppError } from '../errors';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { breaksConstraint, type Transaction } from '../sql';
import { settleOrder, type Receipt } from './settle-order';

/** A successful capture of a verifying attempt. */
export interface ConfirmOrder extends Receipt {
  readonly orderId: string;
  readonly attemptId: string;
  readonly refId: string;
}

/**
 * Makes the captured attempt pay its order.
 *
 * @throws AppError `order.not_awaiting_payment` when the order does not want the money, which is then surplus;
 * `payment.reference_taken` when the receipt belongs to another attempt, which a person must look into
 */
export async function confirmOrder(transaction: Transaction, input: ConfirmOrder): Promise<OrderState> {
  try {
    const settled = await settleOrder(transaction, input.orderId, input.attemptId, input);
    if (!settled) throw new AppError('order.not_awaiting_payment');
  } catch (error) {
    if (!breaksConstraint(error, 'uq_payment_attempts_ref')) throw error;
    throw new AppError('payment.reference_taken', {}, { cause: error });
  }
  return requireOrderState(transaction, input.orderId);
}
