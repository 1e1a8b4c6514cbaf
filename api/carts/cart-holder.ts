import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { assertThat } from '../../entities/errors';
import { addToState, guard, type Guard } from '../middleware/guard';

/**
 * Demands the token of a cart and puts the cart's id, which follows from it, into `ctx.state.cartId`. Whether there is such
 * a cart is for the handler to find out.
 */
export function holdsCart(): Guard<{ readonly cartId: string }> {
  const documentation = {
    headers: [{ name: 'X-Cart-Token', sentence: 'The token that came with the cart.', required: true }],
    errors: ['access.token_missing', 'cart.not_found'],
  } as const;
  return guard(documentation, async (ctx, next) => {
    const token = ctx.get('X-Cart-Token');
    assertThat(token, 'access.token_missing');
    assertThat(isCartToken(token), 'cart.not_found');
    addToState(ctx, { cartId: cartIdOf(token) });
    await next();
  });
}
