import { assertThat } from '../../entities/errors';
import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';
import { addToState, guard, type Guard } from '../middleware/guard';

const PURPOSE = 'order';

/** A guest's capability to read, pay and cancel one order. The same order always has the same token. */
export function orderToken(tokens: SignedTokens, orderId: string): string {
  return tokens.sign(PURPOSE, orderId);
}

/**
 * Lets in who shows the token of the order in the path, and puts the order's id into `ctx.state.orderId`. The token is
 * judged before the order is looked for, so nobody learns which orders there are.
 */
export function ownsOrder(tokens: SignedTokens): Guard<{ readonly orderId: string }> {
  const documentation = {
    headers: [{ name: 'X-Order-Token', sentence: 'The token that came with the order.', required: true }],
    errors: ['access.token_missing', 'access.forbidden', 'order.not_found'],
  } as const;
  return guard(documentation, async (ctx, next) => {
    const orderId = ctx.params['id'] ?? '';
    assertThat(isUuid(orderId), 'order.not_found');
    const token = ctx.get('X-Order-Token');
    assertThat(token, 'access.token_missing');
    assertThat(tokens.read(PURPOSE, token) === orderId.toLowerCase(), 'access.forbidden');
    addToState(ctx, { orderId: orderId.toLowerCase() });
    await next();
  });
}
