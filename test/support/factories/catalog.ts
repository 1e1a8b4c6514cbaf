import type { DataSource } from 'typeorm';

import type { ProductStatus, VariantStatus } from '../../../entities/catalog/product-status';
import { bookStockMany } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';

export interface BuiltCategory {
  readonly id: string;
  readonly slug: string;
}

let made = 0;

/** A category, at the top of the tree unless told. */
export async function buildCategory(
  database: DataSource,
  overrides: { slug?: string; title?: string; parentId?: string; position?: number } = {},
): Promise<BuiltCategory> {
  made += 1;
  const { slug = `category-${made}`, title = `دسته ${made}`, parentId = null, position = made } = overrides;
  const id = newId();
  await rows(
    database.manager,
    'INSERT INTO categories (id, slug, title, parent_id, position) VALUES ($1, $2, $3, $4, $5)',
    [id, slug, title, parentId, position],
  );
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

/** A published product with one variant of which there are ten, unless told otherwise. */
export async function buildProduct(database: DataSource, request: ProductFields = {}): Promise<BuiltProduct> {
  const number = (made += 1);
  const categoryId = request.categoryId ?? (await buildCategory(database)).id;
  const product = { id: newId(), slug: request.slug ?? `product-${number}` };
  const variants = (request.variants ?? [{}]).map((variant, position) => ({
    ...{ id: newId(), sku: `T-${number}-${position}`, title: `نوع ${position}`, price: 250_000, stock: 10 },
    ...{ status: 'active', ...variant, position },
  }));
  await withTransaction(database, async (transaction) => {
    await rows(
      transaction,
      `INSERT INTO products (id, slug, title, brand, keywords, description, category_id, status, image_urls, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        product.id,
        product.slug,
        request.title ?? `کالای ${number}`,
        request.brand ?? '',
        request.keywords ?? '',
        request.description ?? '',
        categoryId,
        request.status ?? 'published',
        request.imageUrls ?? [],
        request.createdAt ?? new Date(),
      ],
    );
    await rows(
      transaction,
      `INSERT INTO variants (id, product_id, sku, title, price, status, position)
       SELECT v.id, $1, v.sku, v.title, v.price, v.status, v.position
       FROM jsonb_populate_recordset(null::variants, $2::jsonb) v`,
      [product.id, JSON.stringify(variants)],
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
