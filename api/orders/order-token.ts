import type { SignedTokens } from '../../platform/signed-token';
import type { SecurityScheme } from '../openapi/documentation';

const PURPOSE = 'order';

export const ORDER_TOKEN: SecurityScheme = {
  id: 'orderToken',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Order-Token',
    description:
      'The token that came with the order. Once the order belongs to a customer, it shows only status and amount.',
  },
};

/** A guest's capability to read, pay and cancel one order. The same order always has the same token. */
export function orderToken(tokens: SignedTokens, orderId: string): string {
  return tokens.sign(PURPOSE, orderId);
}

/** The id of the order whose token this is. The order need not exist. Undefined for what is no such token. */
export function orderIdIn(tokens: SignedTokens, token: string): string | undefined {
  const orderId = tokens.read(PURPOSE, token);
  return typeof orderId === 'string' ? orderId : undefined;
}
