import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { assertThat } from '../../entities/errors';
import { guard, type Guard } from '../middleware/guard';
import type { SecurityScheme } from '../openapi/documentation';

const CART_TOKEN: SecurityScheme = {
  id: 'cartToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Cart-Token',
    description: 'The token that came with the cart.',
  },
};

/**
 * Demands the token of a cart and puts the cart's id, which is derived from it, into `ctx.state.cartId`. It does not ask
 * whether the cart exists; the handler finds that out.
 */
export function holdsCart(): Guard<{ readonly cartId: string }> {
  const documentation = {
    security: [[CART_TOKEN]],
    errors: ['access.token_missing', 'cart.not_found'],
  } as const;
  return guard(documentation, (ctx) => {
    const token = ctx.get('X-Cart-Token');
    assertThat(token, 'access.token_missing');
    assertThat(isCartToken(token), 'cart.not_found');
    return { cartId: cartIdOf(token) };
  });
}
