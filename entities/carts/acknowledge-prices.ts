import { PRICE_IN_FORCE } from '../catalog/price-in-force';
import { assertThat } from '../errors';
import { rows, statement, type Transaction } from '../sql';
import { lockCartFor, type CartAccess } from './lock-cart';

const ACKNOWLEDGE = statement(
  `WITH seen AS (
     UPDATE cart_lines l SET seen_price = ${PRICE_IN_FORCE('v')} FROM variants v
     WHERE l.cart_id = $1 AND v.id = l.variant_id AND l.seen_price <> ${PRICE_IN_FORCE('v')}
     RETURNING 1
   )
   UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM seen)`,
);

/**
 * Stores that the guest has seen the present prices. Later changes are reported against these. The version names the
 * state of the cart that the guest saw.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`, `checkout.cart_changed` when the cart has another version
 */
export async function acknowledgePrices(
  transaction: Transaction,
  access: CartAccess,
  version: number,
): Promise<void> {
  const cart = await lockCartFor(transaction, access);
  assertThat(cart, 'cart.not_found');
  assertThat(cart.version === version, 'checkout.cart_changed', { version: cart.version });
  await rows(transaction, ACKNOWLEDGE, [cart.id]);
}
