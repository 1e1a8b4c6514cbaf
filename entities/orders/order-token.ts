/** What signs and reads small tokens. */
interface Tokens {
  sign(purpose: string, payload: unknown): string;
  read(purpose: string, token: string): unknown;
}

const PURPOSE = 'order';

/** A guest's capability to read, pay and cancel one order. The same order always has the same token. */
export function orderToken(tokens: Pick<Tokens, 'sign'>, orderId: string): string {
  return tokens.sign(PURPOSE, orderId);
}

/** The id of the order whose token this is. The order need not exist. Undefined for what is no such token. */
export function orderIdIn(tokens: Pick<Tokens, 'read'>, token: string): string | undefined {
  const orderId = tokens.read(PURPOSE, token);
  return typeof orderId === 'string' ? orderId : undefined;
}
