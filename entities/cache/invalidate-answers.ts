import type { Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { ANSWER_CACHE_ID } from './answer-cache';
import { endAnswers, type EndedAnswers } from './end-answers';

/**
 * Ends kept answers in every process, by an event like that of any change.
 *
 * @throws AppError `auth.session_over`
 */
export async function invalidateAnswers(
  transaction: Transaction,
  actor: Actor,
  { tags, pattern }: EndedAnswers,
): Promise<void> {
  await endAnswers(transaction, { tags, pattern });
  await audited(transaction, actor, {
    action: 'cache.invalidate',
    object: { type: 'answer_cache', id: ANSWER_CACHE_ID },
    details: { tags: tags.join(' '), pattern },
  });
}
