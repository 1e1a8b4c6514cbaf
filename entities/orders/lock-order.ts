import { text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { OrderStatus } from './order-status';

const LOCK = statement<{ status: OrderStatus }>('SELECT status FROM orders WHERE id = $1 FOR UPDATE', {
  status: text,
});

/** Locks the order for the rest of the transaction and returns its status; undefined when there is no such order. */
export async function lockOrder(transaction: Transaction, orderId: string): Promise<OrderStatus | undefined> {
  return (await row(transaction, LOCK, [orderId]))?.status;
}
