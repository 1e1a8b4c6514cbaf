import { rows, statement, type Transaction } from '../sql';

const TAKE_OUT = statement(
  `WITH bought AS (
     SELECT l.variant_id, l.quantity AS held, o.quantity
     FROM order_lines o JOIN cart_lines l ON l.variant_id = o.variant_id AND l.cart_id = $1
     WHERE o.order_id = $2
   ), gone AS (
     DELETE FROM cart_lines l USING bought b
     WHERE l.cart_id = $1 AND l.variant_id = b.variant_id AND b.held <= b.quantity
   ), less AS (
     UPDATE cart_lines l SET quantity = l.quantity - b.quantity FROM bought b
     WHERE l.cart_id = $1 AND l.variant_id = b.variant_id AND b.held > b.quantity
   )
   UPDATE carts SET version = version + 1, updated_at = now()
   WHERE id = $1 AND EXISTS (SELECT 1 FROM bought)`,
);

/**
 * Removes the bought quantities of an order from its cart. What the guest has added since then stays. The caller has locked
 * the cart (`lockCart`).
 */
export async function takeOutOfCart(
  transaction: Transaction,
  cartId: string,
  orderId: string,
): Promise<void> {
  await rows(transaction, TAKE_OUT, [cartId, orderId]);
}
