import type { DataSource } from 'typeorm';

import { Category } from '../../../entities/catalog/category';
import { Product } from '../../../entities/catalog/product';
import { Variant } from '../../../entities/catalog/variant';
import { bookStock } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import type { Transaction } from '../../../entities/sql';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';

export interface StockedVariant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly price: number;
}

let made = 0;

/** Something to buy: a published product with one variant and some stock, or a further variant of a product. */
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
    const categoryId = await shelf(transaction);
    await transaction
      .createQueryBuilder()
      .insert()
      .into(Product)
      .values({
        id: variant.productId,
        slug: `product-${variant.productId}`,
        title: 'کالا',
        categoryId,
        status: productStatus,
      })
      .orIgnore()
      .execute();
    const position = await transaction.countBy(Variant, { productId: variant.productId });
    await transaction.insert(Variant, {
      id: variant.id,
      productId: variant.productId,
      sku: variant.sku,
      title: 'سرمه‌ای',
      price: variant.price,
      status,
      position,
    });
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

/** The category of all these products. */
async function shelf(transaction: Transaction): Promise<string> {
  await transaction
    .createQueryBuilder()
    .insert()
    .into(Category)
    .values({ id: newId(), slug: 'things', title: 'چیزها' })
    .orIgnore()
    .execute();
  const { id } = await transaction.findOneOrFail(Category, {
    select: { id: true },
    where: { slug: 'things' },
  });
  return id;
}
