import { randomUUID } from 'node:crypto';

import { bookStock } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { withTransaction } from '../../../platform/transaction';
import type { ShelfItem } from '../buyer';
import type { Shop } from '../shop';
import { buildProduct, type VariantFields } from './catalog';

/** A published product with one variant, as a buyer sees it: ten units of 250,000 rials, unless the request says otherwise. */
export async function buildItem(
  { database }: Pick<Shop, 'database'>,
  request: VariantFields = {},
): Promise<ShelfItem> {
  const { variants } = await buildProduct(database, { variants: [request] });
  const [{ id, sku, price }] = variants as [(typeof variants)[number]];
  return { variantId: id, sku, price, available: request.stock ?? 10 };
}

/** Puts more units of the item on the shelf. */
export async function restock(
  { database }: Pick<Shop, 'database'>,
  { variantId }: ShelfItem,
  quantity: number,
): Promise<void> {
  await withTransaction(database, (transaction) =>
    bookStock(transaction, {
      variantId,
      locationId: DEFAULT_LOCATION_ID,
      delta: quantity,
      reason: 'received',
      ref: randomUUID(),
    }),
  );
}
