import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { assertThat } from '../../entities/errors';
import type { KeyedHash } from '../../platform/keyed-hash';
import { guard, type Guard } from '../middleware/guard';
import type { SecurityScheme } from '../openapi/documentation';
import { issuedAt } from './cart-token';

const CART_TOKEN: SecurityScheme = {
  id: 'cartToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Cart-Token',
    description: 'The token that came with the cart.',
  },
};

/** The cart that a caller's token opens. */
export interface HeldCart {
  readonly id: string;
  /** When the shop gave out the token. Without it the token is invented, unless the cart has a row. */
  readonly issuedAt: Date | undefined;
}

/**
 * Demands the token of a cart and puts the cart, whose id is derived from it, into `ctx.state.cart`. It does not ask whether the
 * cart has a row; the handler finds that out.
 */
export function holdsCart(keyedHash: KeyedHash): Guard<{ readonly cart: HeldCart }> {
  const documentation = {
    security: [[CART_TOKEN]],
    errors: ['access.token_missing', 'cart.not_found'],
  } as const;
  return guard(documentation, (ctx) => {
    const token = ctx.get('X-Cart-Token');
    assertThat(token, 'access.token_missing');
    assertThat(isCartToken(token), 'cart.not_found');
    return { cart: { id: cartIdOf(token), issuedAt: issuedAt(keyedHash, token) } };
  });
}
