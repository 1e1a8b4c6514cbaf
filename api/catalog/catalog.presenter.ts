import { SHOWN_UNITS } from '../../entities/inventory/variant-availability';
import { money } from '../../entities/values/money';
import type { CategoryView, ProductListView, ProductSummaryView, ProductView } from './catalog.view';
import type { CategoryRow } from './category.queries';
import type { ProductRow } from './product-list.queries';
import type { ProductDetailRow, VariantRow } from './product.queries';

/** A product as lists show it. */
export function presentSummary(product: Omit<ProductRow, 'key'>): ProductSummaryView {
  return {
    id: product.id,
    slug: product.slug,
    title: product.title,
    brand: product.brand,
    imageUrl: product.imageUrl,
    category: { slug: product.categorySlug, title: product.categoryTitle },
    priceFrom: money(product.priceFrom),
    priceTo: money(product.priceTo),
    inStock: product.inStock,
  };
}

/** A page of products. */
export function presentList(
  products: readonly ProductRow[],
  nextCursor: string | null,
  match: ProductListView['match'],
): ProductListView {
  return { items: products.map(presentSummary), nextCursor, match };
}

/** @param unitsPerLine what a cart line may hold: higher stock is not disclosed */
export function presentProduct(
  product: ProductDetailRow,
  variants: readonly VariantRow[],
  unitsPerLine: number,
): ProductView {
  return {
    ...presentSummary(product),
    description: product.description,
    imageUrls: product.imageUrls,
    categories: product.categories,
    variants: variants.map(({ id, sku, title, price, available }) => ({
      id,
      sku,
      title,
      price: money(price),
      inStock: available > 0,
      available: Math.min(available, unitsPerLine, SHOWN_UNITS),
    })),
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
  };
}

/** The categories as a tree; siblings keep the order of the rows. */
export function presentCategories(categories: readonly CategoryRow[]): CategoryView[] {
  const under = (parent: string | null): CategoryView[] =>
    categories
      .filter(({ parentId }) => parentId === parent)
      .map(({ id, slug, title }) => ({ slug, title, children: under(id) }));
  return under(null);
}
