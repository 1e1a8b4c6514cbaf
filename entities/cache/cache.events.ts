import type { Aggregate } from '../events/aggregate';

/** What the journal says of the cache of public answers. */
export interface AnswerCacheEvents {
  /** Answers with one of these tags, or whose names fit the pattern, are loaded again. */
  'answer_cache.invalidated': { tags: string[]; pattern: string | null };
}

/** The history of what staff and jobs have ended in the cache. */
export const ANSWER_CACHE: Aggregate<AnswerCacheEvents> & { readonly forgets: true } = {
  type: 'answer_cache',
  table: 'answer_caches',
  forgets: true,
};
