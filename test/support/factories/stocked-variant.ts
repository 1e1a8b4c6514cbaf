import type { DataSource } from 'typeorm';

import { bookStock } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';

export interface StockedVariant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly price: number;
}

let made = 0;

/** Something that can be bought: a published product with one variant and some stock, or another one of its product. */
export async function buildStockedVariant(
  database: DataSource,
  overrides: Partial<StockedVariant> & {
    readonly stock?: number;
    readonly status?: 'active' | 'retired';
    readonly productStatus?: 'draft' | 'published' | 'archived';
  } = {},
): Promise<StockedVariant> {
  made += 1;
  const { stock = 10, status = 'active', productStatus = 'published', price = 250_000 } = overrides;
  const variant = {
    id: newId(),
    productId: newId(),
    sku: `SKU-${made}-${newId().slice(-6)}`,
    price,
    ...overrides,
  };
  await withTransaction(database, async (transaction) => {
    await rows(
      transaction,
      `WITH shelf AS (
         INSERT INTO categories (id, slug, title) VALUES ($1, 'things', 'چیزها')
         ON CONFLICT (slug) DO UPDATE SET title = excluded.title RETURNING id
       )
       INSERT INTO products (id, slug, title, category_id, status)
       SELECT $2::uuid, 'product-' || $2::text, 'کالا', id, $3 FROM shelf
       ON CONFLICT (id) DO NOTHING`,
      [newId(), variant.productId, productStatus],
    );
    await rows(
      transaction,
      `INSERT INTO variants (id, product_id, sku, title, price, status, position)
       SELECT $1, $2, $3, 'سرمه‌ای', $4, $5, count(*) FROM variants WHERE product_id = $2`,
      [variant.id, variant.productId, variant.sku, price, status],
    );
    if (stock > 0) {
      await bookStock(transaction, {
        variantId: variant.id,
        locationId: DEFAULT_LOCATION_ID,
        delta: stock,
        reason: 'initial',
        ref: 'opening',
      });
    }
  });
  return { id: variant.id, productId: variant.productId, sku: variant.sku, price };
}
