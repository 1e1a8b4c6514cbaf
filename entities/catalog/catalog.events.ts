import type { Aggregate, EventOf, ForgettingAggregate } from '../events/aggregate';
import type { Currency } from '../values/money';

type Nothing = Record<never, never>;

/**
 * What the journal says of a product with its variants, prices and pictures, by type. The public sees the payloads, so they say nothing
 * of a draft, nor of a price before it is in force.
 */
export interface ProductEvents {
  'product.created': Nothing;
  /** Its texts or its category. */
  'product.changed': Nothing;
  'product.published': Nothing;
  'product.archived': Nothing;
  /** Which pictures it shows, their order, or what is said of them. */
  'product.pictures_changed': Nothing;
  'variant.added': { variantId: string };
  /** Its names, its SKU or its place. */
  'variant.changed': { variantId: string };
  'variant.retired': { variantId: string };
  'variant.restored': { variantId: string };
  /** The usual price. A planned one may hold in its place. */
  'price.changed': { variantId: string; price: number; currency: Currency; was: number };
  'price.planned': { variantId: string; plannedPriceId: string };
  /** Before its time, or in its midst: the usual price holds again. */
  'price.plan_withdrawn': { variantId: string; plannedPriceId: string };
}

/** What the journal says of a category, by type. */
export interface CategoryEvents {
  'category.created': Nothing;
  /** Its names, or its place among its siblings. */
  'category.changed': Nothing;
  'category.moved': { parentId: string | null };
  /** Its row is gone. No event follows. */
  'category.removed': Nothing;
}

/** A product's history in the journal. */
export const PRODUCT: ForgettingAggregate<ProductEvents> = {
  type: 'product',
  table: 'product_versions',
  forgets: true,
};
export type ProductEvent = EventOf<ProductEvents>;

/** A category's history in the journal. */
export const CATEGORY: Aggregate<CategoryEvents> = { type: 'category', table: 'categories' };
export type CategoryEvent = EventOf<CategoryEvents>;
