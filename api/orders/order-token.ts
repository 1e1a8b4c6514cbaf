import { assertThat } from '../../entities/errors';
import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';
import { guard, type Guard } from '../middleware/guard';
import type { SecurityScheme } from '../openapi/documentation';
import { OrderParams } from './orders.input';

const PURPOSE = 'order';

const ORDER_TOKEN: SecurityScheme = {
  id: 'orderToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Order-Token',
    description: 'The token that came with the order.',
  },
};

/** A guest's capability to read, pay and cancel one order. The same order always has the same token. */
export function orderToken(tokens: SignedTokens, orderId: string): string {
  return tokens.sign(PURPOSE, orderId);
}

/**
 * Demands the token of the order in the path, and puts the order's id into `ctx.state.orderId`. The token is checked before
 * the order is read, so an answer does not tell which orders exist.
 */
export function ownsOrder(tokens: SignedTokens): Guard<{ readonly orderId: string }> {
  const documentation = {
    security: [[ORDER_TOKEN]],
    params: OrderParams,
    errors: ['access.token_missing', 'access.forbidden', 'order.not_found'],
  } as const;
  return guard(documentation, (ctx) => {
    const orderId = (ctx.params['id'] ?? '').toLowerCase();
    assertThat(isUuid(orderId), 'order.not_found');
    const token = ctx.get('X-Order-Token');
    assertThat(token, 'access.token_missing');
    assertThat(tokens.read(PURPOSE, token) === orderId, 'access.forbidden');
    return { orderId };
  });
}
