import { assertThat } from '../errors';
import { row, type Transaction } from '../sql';
import { lockCart } from './lock-cart';

/**
 * Takes one line out of the cart, for sale or not.
 *
 * @throws AppError `cart.not_found`, `cart.line_not_found`
 */
export async function removeLine(transaction: Transaction, cartId: string, variantId: string): Promise<void> {
  const removed = await remove(transaction, cartId, variantId);
  assertThat(removed > 0, 'cart.line_not_found', { variantId });
}

/**
 * Takes all lines out of the cart; an empty one stays as it is.
 *
 * @throws AppError `cart.not_found`
 */
export async function clearCart(transaction: Transaction, cartId: string): Promise<void> {
  await remove(transaction, cartId, null);
}

async function remove(transaction: Transaction, cartId: string, variantId: string | null): Promise<number> {
  assertThat(await lockCart(transaction, cartId), 'cart.not_found');
  const removed = await row<{ lines: number }>(
    transaction,
    `WITH removed AS (
       DELETE FROM cart_lines WHERE cart_id = $1 AND ($2::uuid IS NULL OR variant_id = $2) RETURNING 1
     ), counted AS (
       UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM removed)
     )
     SELECT count(*) AS lines FROM removed`,
    [cartId, variantId],
  );
  return removed?.lines ?? 0;
}
