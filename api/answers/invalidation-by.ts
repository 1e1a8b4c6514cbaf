import { CATEGORIES_TAG, PRODUCTS_TAG, productTag } from '../../entities/cache/answer-tags';
import { ANSWER_CACHE } from '../../entities/cache/cache.events';
import { CATEGORY, PRODUCT } from '../../entities/catalog/catalog.events';
import type { LatestEvent } from '../../entities/events/read-latest-events';
import { AVAILABILITY, STOCK_LOCATION } from '../../entities/inventory/inventory.events';
import type { Invalidation } from '../../platform/response-cache/validity';

/** What an event ends; undefined for an event that no public answer shows. */
export function invalidationBy({
  aggregateType,
  aggregateId,
  payload,
}: LatestEvent): Invalidation | undefined {
  switch (aggregateType) {
    case PRODUCT.type:
      return { tags: [productTag(aggregateId), PRODUCTS_TAG] };
    case CATEGORY.type:
      return { tags: [CATEGORIES_TAG] };
    case AVAILABILITY.type:
      return { tags: tagsOfAvailability(payload) };
    case STOCK_LOCATION.type:
      // A large location's variants are told one after another, but pages of products read its levels at once.
      return { tags: [PRODUCTS_TAG], pattern: 'product *' };
    case ANSWER_CACHE.type:
      return namedInvalidation(payload);
    default:
      return undefined;
  }
}

/** What staff or a job have named. */
function namedInvalidation({ tags, pattern }: Record<string, unknown>): Invalidation {
  return {
    tags: Array.isArray(tags) ? tags.map(String) : [],
    ...(typeof pattern === 'string' ? { pattern } : {}),
  };
}

/** Lists show only whether there is anything left. */
function tagsOfAvailability({ productId, was, available }: Record<string, unknown>): string[] {
  const shows = typeof productId === 'string' ? [productTag(productId)] : [PRODUCTS_TAG];
  return (was === 0) === (available === 0) ? shows : [...shows, PRODUCTS_TAG];
}
