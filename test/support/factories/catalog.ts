import type { DataSource } from 'typeorm';

import { Category } from '../../../entities/catalog/category';
import { Product } from '../../../entities/catalog/product';
import type { ProductStatus, VariantStatus } from '../../../entities/catalog/product-status';
import { Variant } from '../../../entities/catalog/variant';
import { bookStockMany } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';

export interface BuiltCategory {
  readonly id: string;
  readonly slug: string;
}

let made = 0;

/** A category, at the top of the tree unless it has a parent. */
export async function buildCategory(
  database: DataSource,
  overrides: { slug?: string; title?: string; parentId?: string; position?: number } = {},
): Promise<BuiltCategory> {
  made += 1;
  const { slug = `category-${made}`, title = `دسته ${made}`, parentId = null, position = made } = overrides;
  const id = newId();
  await database.manager.insert(Category, { id, slug, title, parentId, position });
  return { id, slug };
}

export interface VariantFields {
  readonly price?: number;
  readonly stock?: number;
  readonly status?: VariantStatus;
  readonly title?: string;
  readonly sku?: string;
}

export interface ProductFields {
  readonly slug?: string;
  readonly title?: string;
  readonly brand?: string;
  readonly keywords?: string;
  readonly description?: string;
  readonly categoryId?: string;
  readonly status?: ProductStatus;
  readonly createdAt?: Date;
  readonly imageUrls?: readonly string[];
  readonly variants?: readonly VariantFields[];
}

export interface BuiltProduct {
  readonly id: string;
  readonly slug: string;
  readonly variants: readonly { readonly id: string; readonly sku: string; readonly price: number }[];
}

/** A product: published, with one variant and ten units of it, unless the request says otherwise. */
export async function buildProduct(database: DataSource, request: ProductFields = {}): Promise<BuiltProduct> {
  const number = (made += 1);
  const categoryId = request.categoryId ?? (await buildCategory(database)).id;
  const product = { id: newId(), slug: request.slug ?? `product-${number}` };
  const variants = (request.variants ?? [{}]).map((variant, position) => ({
    ...{ id: newId(), sku: `T-${number}-${position}`, title: `نوع ${position}`, price: 250_000, stock: 10 },
    ...{ status: 'active' as const, ...variant, position },
  }));
  await withTransaction(database, async (transaction) => {
    await transaction.insert(Product, {
      ...product,
      categoryId,
      title: request.title ?? `کالای ${number}`,
      brand: request.brand,
      keywords: request.keywords,
      description: request.description,
      status: request.status ?? 'published',
      imageUrls: [...(request.imageUrls ?? [])],
      createdAt: request.createdAt,
    });
    await transaction.insert(
      Variant,
      variants.map(({ stock: _stock, ...variant }) => ({ ...variant, productId: product.id })),
    );
    await bookStockMany(
      transaction,
      variants
        .filter(({ stock }) => stock > 0)
        .map(({ id, stock }) => ({
          ...{ variantId: id, locationId: DEFAULT_LOCATION_ID, delta: stock },
          ...{ reason: 'initial' as const, ref: 'opening' },
        })),
    );
  });
  return { ...product, variants: variants.map(({ id, sku, price }) => ({ id, sku, price })) };
}
