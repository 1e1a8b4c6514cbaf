import { CATEGORIES_TAG, PRODUCTS_TAG } from '../../entities/cache/answer-tags';
import type { CacheConfig } from '../../platform/config/cache';
import type { Kind, ResponseCache } from '../../platform/response-cache/response-cache';
import type { HotAddresses } from './hot-addresses';

/** The kinds of public answers that are kept. `search` has all that anybody can invent: searches, filters by price, unusual limits, and all pages but the first. */
export const ANSWER_KINDS = ['categories', 'list', 'search', 'product', 'recommendations'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** The answers of the public catalogue. */
export interface AnswerCache extends ResponseCache<AnswerKind> {
  /** What callers ask for most. */
  readonly hot: HotAddresses;
}

/** How each kind is kept. Their times are only a net: events end what they concern at once. */
export function answerKinds(config: CacheConfig): Readonly<Record<AnswerKind, Kind>> {
  const missingTags = [PRODUCTS_TAG, CATEGORIES_TAG];
  return {
    categories: { ttlMs: config.cacheCategoriesSeconds * 1_000, share: 0.05, missingTags },
    list: { ttlMs: config.cacheListSeconds * 1_000, share: 0.25, missingTags },
    search: { ttlMs: config.cacheListSeconds * 1_000, share: 0.2, missingTags, isOftenAskedOnce: true },
    product: { ttlMs: config.cacheProductSeconds * 1_000, share: 0.4, missingTags },
    recommendations: { ttlMs: config.cacheProductSeconds * 1_000, share: 0.1, missingTags },
  };
}
