import type { EntityManager } from 'typeorm';

import { rows } from '../sql';
import { cartIdOf, newCartToken } from './cart-token';

/** Opens an empty cart and gives the only copy of its token. */
export async function openCart(manager: EntityManager): Promise<string> {
  const token = newCartToken();
  await rows(manager, 'INSERT INTO carts (id) VALUES ($1)', [cartIdOf(token)]);
  return token;
}
