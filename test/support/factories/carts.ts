import type { DataSource } from 'typeorm';

import { cartIdOf } from '../../../entities/carts/cart-token';
import { openCart } from '../../../entities/carts/open-cart';
import { setQuantity, type CartLimits } from '../../../entities/carts/put-into-cart';
import { withTransaction } from '../../../platform/transaction';

/** Limits that no test reaches by accident. */
export const WIDE_LIMITS: CartLimits = { cartLines: 1_000, unitsPerLine: 1_000 };

/** A cart, filled as a guest fills one. Its version is 1 plus the number of lines. */
export async function buildCart(
  database: DataSource,
  lines: readonly { readonly variantId: string; readonly quantity: number }[] = [],
): Promise<{ readonly id: string; readonly token: string }> {
  const token = await openCart(database.manager);
  const id = cartIdOf(token);
  for (const line of lines)
    await withTransaction(database, (transaction) => setQuantity(transaction, id, line, WIDE_LIMITS));
  return { id, token };
}
