import { rows, type Transaction } from '../sql';

/**
 * Takes the quantities that an order bought out of the cart it came from. What the guest added meanwhile stays; a cart
 * that holds none of it any more is left as it is. The caller has locked the cart (`lockCart`).
 */
export async function takeOutOfCart(
  transaction: Transaction,
  cartId: string,
  orderId: string,
): Promise<void> {
  await rows(
    transaction,
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
    [cartId, orderId],
  );
}
