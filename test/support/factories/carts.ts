import { randomBytes } from 'node:crypto';

import type { DataSource } from 'typeorm';

import { cartIdOf } from '../../../entities/carts/cart-token';
import { openCart } from '../../../entities/carts/open-cart';
import { setQuantity, type CartLimits } from '../../../entities/carts/put-into-cart';
import { withTransaction } from '../../../platform/transaction';

/** Limits that no test reaches by accident. */
export const WIDE_LIMITS: CartLimits = { cartLines: 1_000, unitsPerLine: 1_000 };

/** A token of the right form, which the shop never gave out. */
export function newCartToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A cart, filled as a guest fills one. Its version is 1 plus the number of lines. */
export async function buildCart(
  database: DataSource,
  lines: readonly { readonly variantId: string; readonly quantity: number }[] = [],
): Promise<{ readonly id: string; readonly token: string }> {
  const token = newCartToken();
  const id = cartIdOf(token);
  await openCart(database.manager, id);
  for (const line of lines)
    await withTransaction(database, (transaction) =>
      setQuantity(transaction, { id, mayBeOpened: false }, line, WIDE_LIMITS),
    );
  return { id, token };
}
