import { recordEvents } from '../events/record-events';
import type { Transaction } from '../sql';
import { ANSWER_CACHE_ID } from './answer-cache';
import { productTag } from './answer-tags';
import { ANSWER_CACHE } from './cache.events';

/** What is to be loaded again: answers with one of these tags, or whose names fit the pattern. */
export interface EndedAnswers {
  readonly tags: readonly string[];
  readonly pattern: string | null;
}

/** Ends kept answers in every process once the transaction has committed. Call it last: it locks a row that all callers share. */
export async function endAnswers(transaction: Transaction, ...ended: readonly EndedAnswers[]): Promise<void> {
  await recordEvents(
    transaction,
    ANSWER_CACHE,
    ANSWER_CACHE_ID,
    ...ended.map(({ tags, pattern }) => ({
      type: 'answer_cache.invalidated' as const,
      payload: { tags: [...tags], pattern },
    })),
  );
}

/** Each process notes every tag. Of more products, all pages are ended by two patterns instead. */
const MOST_PRODUCTS = 200;

/** Ends the pages of products, and what is recommended beside them. */
export async function endProductAnswers(
  transaction: Transaction,
  productIds: readonly string[],
): Promise<void> {
  if (productIds.length === 0) return;
  if (productIds.length <= MOST_PRODUCTS)
    await endAnswers(transaction, { tags: productIds.map(productTag), pattern: null });
  else
    await endAnswers(
      transaction,
      { tags: [], pattern: 'product *' },
      { tags: [], pattern: 'recommendations *' },
    );
}
