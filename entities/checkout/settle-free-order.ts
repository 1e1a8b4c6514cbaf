import { row, type Transaction } from '../sql';
import { settleOrder } from './settle-order';

/** Settles an order that costs nothing by its attempt of gateway `none`: there is nobody to ask. */
export async function settleFreeOrder(transaction: Transaction, orderId: string): Promise<void> {
  const attempt = await row<{ id: string }>(
    transaction,
    `SELECT id FROM payment_attempts WHERE order_id = $1 AND gateway = 'none' AND status = 'verifying'`,
    [orderId],
  );
  if (!attempt || !(await settleOrder(transaction, orderId, attempt.id, { refId: null }))) {
    throw new Error(`free order ${orderId} cannot be settled`);
  }
}
