import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { findCurrentCart, ownCartIdOf } from '../../entities/carts/current-cart';
import { assertThat } from '../../entities/errors';
import type { Dependencies } from '../dependencies';
import { guard, type Guard } from '../middleware/guard';
import { callerIn } from '../middleware/limit-caller';
import { ACCESS_TOKEN } from '../middleware/signed-in';
import type { SecurityScheme } from '../openapi/documentation';
import { issuedAt } from './cart-token';

const CART_TOKEN: SecurityScheme = {
  id: 'cartToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Cart-Token',
    description:
      'The token that came with the cart. Once the cart belongs to a customer, it opens the cart only together with their access token.',
  },
};

/** The cart of a request. Whether the caller may open it is decided by its row: `requireOpen`. */
export interface HeldCart {
  readonly id: string;
  /** When the shop gave out the token. Without it the token is invented, unless the cart has a row. */
  readonly issuedAt: Date | undefined;
  /** The account of a caller who has signed in. */
  readonly callerId: string | null;
  /** What a repeated request names again: the cart of a token, or the caller whose current cart may change meanwhile. */
  readonly scope: string;
}

/**
 * Demands a cart and puts it into `ctx.state.cart`: that of the token, whose id is derived from it, or without a token the
 * current cart of a caller who has signed in. It does not ask whether the cart has a row; the handler finds that out. It comes
 * after `limitCaller`.
 */
export function holdsCart({
  keyedHash,
  database,
}: Pick<Dependencies, 'keyedHash' | 'database'>): Guard<{ readonly cart: HeldCart }> {
  const documentation = {
    security: [[CART_TOKEN], [CART_TOKEN, ACCESS_TOKEN], [ACCESS_TOKEN]],
    errors: ['access.token_missing', 'cart.not_found', 'cart.not_yours'],
  } as const;
  return guard(documentation, async (ctx) => {
    const callerId = callerIn(ctx)?.accountId ?? null;
    const token = ctx.get('X-Cart-Token');
    if (!token && callerId !== null) {
      const id = (await findCurrentCart(database.manager, callerId)) ?? ownCartIdOf(callerId);
      return { cart: { id, issuedAt: new Date(), callerId, scope: callerId } };
    }
    assertThat(token, 'access.token_missing');
    assertThat(isCartToken(token), 'cart.not_found');
    const id = cartIdOf(token);
    return { cart: { id, issuedAt: issuedAt(keyedHash, token), callerId, scope: id } };
  });
}
