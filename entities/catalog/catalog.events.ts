import type { Aggregate } from '../events/aggregate';

/** What the journal says of a product with its variants, prices and pictures, by type. The public sees the payloads. */
export interface ProductEvents {
  /** Its texts or its category. */
  'product.changed': Record<never, never>;
}

/** What the journal says of a category, by type. */
export interface CategoryEvents {
  'category.changed': Record<never, never>;
}

/** A product's history in the journal. */
export const PRODUCT: Aggregate<ProductEvents> = { type: 'product', table: 'product_versions' };

/** A category's history in the journal. */
export const CATEGORY: Aggregate<CategoryEvents> = { type: 'category', table: 'categories' };
