import { recordEvents } from '../events/record-events';
import type { Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { ANSWER_CACHE_ID } from './answer-cache';
import { ANSWER_CACHE } from './cache.events';

/**
 * Ends kept answers in every process, by an event like that of any change.
 *
 * @throws AppError `auth.session_over`
 */
export async function invalidateAnswers(
  transaction: Transaction,
  actor: Actor,
  { tags, pattern }: { readonly tags: readonly string[]; readonly pattern: string | null },
): Promise<void> {
  await recordEvents(transaction, ANSWER_CACHE, ANSWER_CACHE_ID, {
    type: 'answer_cache.invalidated',
    payload: { tags: [...tags], pattern },
  });
  await audited(transaction, actor, {
    action: 'cache.invalidate',
    object: { type: 'answer_cache', id: ANSWER_CACHE_ID },
    details: { tags: tags.join(' '), pattern },
  });
}
