import { rows, statement, type Transaction } from '../sql';

const OPEN = statement(
  `INSERT INTO carts (id, customer_id, joined_at)
   VALUES ($1, $2::uuid, CASE WHEN $2::uuid IS NOT NULL THEN clock_timestamp() END) ON CONFLICT (id) DO NOTHING`,
);

/**
 * Inserts the row of a cart, unless another transaction does. A token whose cart was removed opens an empty one.
 *
 * @param customerId of a customer who opens it: the cart is theirs from the beginning
 */
export async function openCart(
  transaction: Transaction,
  cartId: string,
  customerId: string | null = null,
): Promise<void> {
  await rows(transaction, OPEN, [cartId, customerId]);
}
