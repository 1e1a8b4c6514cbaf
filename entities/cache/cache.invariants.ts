import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { ANSWER_CACHE } from './cache.events';

/** What must hold of the history of the cache. */
export const CACHE_INVARIANTS: readonly Invariant[] = [journalHasNoGaps(ANSWER_CACHE)];
