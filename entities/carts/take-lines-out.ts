import { assertThat } from '../errors';
import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { lockCartFor, type CartAccess } from './lock-cart';

/** Of one variant, or all when it is null. */
const REMOVE = statement<{ lines: number }>(
  `WITH removed AS (
     DELETE FROM cart_lines WHERE cart_id = $1 AND ($2::uuid IS NULL OR variant_id = $2) RETURNING 1
   ), counted AS (
     UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM removed)
   )
   SELECT count(*) AS lines FROM removed`,
  { lines: integer },
);

/**
 * Removes one line from the cart, whether it is for sale or not.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`, `cart.line_not_found`
 */
export async function removeLine(
  transaction: Transaction,
  cart: CartAccess,
  variantId: string,
): Promise<void> {
  const removed = await remove(transaction, cart, variantId);
  assertThat(removed > 0, 'cart.line_not_found', { variantId });
}

/**
 * Removes all lines from the cart.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`
 */
export async function clearCart(transaction: Transaction, cart: CartAccess): Promise<void> {
  await remove(transaction, cart, null);
}

async function remove(transaction: Transaction, cart: CartAccess, variantId: string | null): Promise<number> {
  assertThat(await lockCartFor(transaction, cart), 'cart.not_found');
  const removed = await row(transaction, REMOVE, [cart.id, variantId]);
  return removed?.lines ?? 0;
}
