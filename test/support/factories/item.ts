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
