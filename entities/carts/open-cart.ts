import type { EntityManager } from 'typeorm';

import { Cart } from './cart';
import { cartIdOf, newCartToken } from './cart-token';

/** Opens an empty cart and returns the only copy of its token. */
export async function openCart(manager: EntityManager): Promise<string> {
  const token = newCartToken();
  await manager.insert(Cart, { id: cartIdOf(token) });
  return token;
}
