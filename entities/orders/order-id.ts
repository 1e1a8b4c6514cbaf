import { derivedId } from '../values/uuid';

/** The id of the order of this cart and idempotency key. */
export function orderIdOf(cartId: string, idempotencyKey: string): string {
  return derivedId('order', cartId, idempotencyKey);
}
