import { derivedId } from '../values/uuid';

/** The order that this cart and idempotency key always mean. */
export function orderIdOf(cartId: string, idempotencyKey: string): string {
  return derivedId('order', cartId, idempotencyKey);
}
