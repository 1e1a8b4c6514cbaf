import type { DataSource } from 'typeorm';

import { Cart } from '../../../entities/carts/cart';
import { CartRecipient } from '../../../entities/carts/cart-recipient';
import { cartIdOf } from '../../../entities/carts/cart-token';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';
import { newCartToken } from './carts';
import { buildRecipient } from './recipient';

export interface FilledCart {
  readonly id: string;
  readonly token: string;
  readonly version: number;
}

/** A cart with these lines and a recipient, as its guest or its customer left it. */
export async function buildFilledCart(
  database: DataSource,
  lines: readonly { readonly variantId: string; readonly quantity: number }[],
  customerId: string | null = null,
): Promise<FilledCart> {
  const token = newCartToken();
  const id = cartIdOf(token);
  await withTransaction(database, async (transaction) => {
    await transaction.insert(Cart, { id, customerId, joinedAt: customerId === null ? null : new Date() });
    const { location: _, ...recipient } = buildRecipient();
    await transaction.insert(CartRecipient, {
      cartId: id,
      recipient: { ...recipient, lines: [...recipient.lines], latitude: null, longitude: null },
    });
    await rows(
      transaction,
      `INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price)
       SELECT $1, v.id, l.quantity, v.price
       FROM jsonb_to_recordset($2::jsonb) AS l("variantId" uuid, quantity integer) JOIN variants v ON v.id = l."variantId"`,
      [id, JSON.stringify(lines)],
    );
  });
  return { id, token, version: 1 };
}
