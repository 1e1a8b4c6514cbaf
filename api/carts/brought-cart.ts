import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { joinCart, type CartMode, type JoinedCart } from '../../entities/carts/join-cart';
import type { Transaction } from '../../entities/sql';
import type { Dependencies } from '../dependencies';
import { guard, type Guard } from '../middleware/guard';
import { issuedAt } from './cart-token';

/** The cart of a guest who signs in. */
export interface BroughtCart {
  readonly cartId: string;
  readonly mayBeOpened: boolean;
}

/**
 * Reads the token of the cart that a guest brings along to a sign-in into `ctx.state.broughtCart`. A token of another form brings
 * none: it must not keep anybody from signing in.
 */
export function mayBringCart({
  keyedHash,
}: Pick<Dependencies, 'keyedHash'>): Guard<{ readonly broughtCart: BroughtCart | undefined }> {
  const header = {
    name: 'X-Cart-Token',
    sentence: 'The token of a guest’s cart, which becomes the customer’s.',
    example: 'the-token-of-the-cart',
    required: false,
  };
  return guard({ headers: [header] }, (ctx) => {
    const token = ctx.get('X-Cart-Token');
    if (!isCartToken(token)) return { broughtCart: undefined };
    return {
      broughtCart: { cartId: cartIdOf(token), mayBeOpened: issuedAt(keyedHash, token) !== undefined },
    };
  });
}

/** Joins the cart within the transaction of the sign-in. Null where none was brought. */
export async function joinBroughtCart(
  transaction: Transaction,
  { checkoutConfig }: Pick<Dependencies, 'checkoutConfig'>,
  cart: BroughtCart | undefined,
  customer: { readonly accountId: string; readonly mode: CartMode },
): Promise<JoinedCart | null> {
  return cart ? joinCart(transaction, { ...cart, ...customer }, checkoutConfig) : null;
}
