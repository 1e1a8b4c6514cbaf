import { rows, statement, type Transaction } from '../sql';

const ERASE = statement(
  `WITH of_carts AS (
     DELETE FROM cart_recipients r USING carts c WHERE c.customer_id = $1 AND r.cart_id = c.id
   )
   DELETE FROM order_recipients r USING orders o WHERE o.customer_id = $1 AND r.order_id = o.id`,
);

/**
 * Deletes who gets the customer's carts and orders. The caller has marked the account as erased in this transaction. Placing an
 * order locks the account's row, so an order comes before that and loses its recipient here, or after it and is refused without
 * one.
 */
export async function eraseRecipients(transaction: Transaction, accountId: string): Promise<void> {
  await rows(transaction, ERASE, [accountId]);
}
