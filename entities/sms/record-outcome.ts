import { boolean, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { noteSend } from './breaker-rows';
import type { SendVerdict } from './judge-breaker';
import { lockMessage, lockMessageOf, moveMessage, type LockedMessage } from './lock-message';
import { requireMessageState, type MessageState } from './message-state';
import { OVER, type SmsOperation } from './sms-status';

/** A provider's answer to a send, as its adapter reads it. */
export type SendResult =
  | {
      readonly kind: 'accepted';
      readonly providerMessageId: string;
      readonly cost?: { readonly amount: string; readonly unit: string };
    }
  | {
      readonly kind: 'refused';
      readonly class: 'stop' | 'bug' | 'config' | 'overload';
      readonly code: string;
      readonly message: string;
      /** Only this template or text must be put right. */
      readonly concerns?: 'template';
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly message: string };

export interface RecordSendOutcome {
  readonly attemptId: string;
  readonly outcome: SendResult & { readonly tookMs?: number };
}

interface AnsweredAttempt {
  readonly id: string;
  readonly provider: string;
  readonly operation: SmsOperation;
  readonly wasCalled: boolean;
  readonly ordinal: number;
}

const NAME_TAKEN = 'the provider answered with the name of another message';

const ANSWER = statement<AnsweredAttempt>(
  `UPDATE sms_attempts SET status = $2, answered_at = now(), outcome_class = $3, code = left($4, 40),
     message = left($5, 300), provider_message_id = $6, cost = $7::numeric, cost_unit = left($8, 20), latency_ms = $9
   WHERE id = $1 AND status = 'sending'
   RETURNING id, provider, operation, called_at IS NOT NULL AS "wasCalled", ordinal`,
  { id: uuid, provider: text, operation: text, wasCalled: boolean, ordinal: integer },
);

const IS_TAKEN = statement<{ id: string }>(
  `SELECT t.id FROM sms_attempts a JOIN sms_attempts t ON t.provider = a.provider
   WHERE a.id = $1 AND t.provider_message_id = $2 AND t.id <> a.id`,
  { id: uuid },
);

/** Whether the provider's name belongs to another message, so that it says nothing about this one. */
async function isTaken(transaction: Transaction, attemptId: string, name: string): Promise<boolean> {
  return (await row(transaction, IS_TAKEN, [attemptId, name])) !== undefined;
}

/**
 * Records the answer to a send and lets the breaker know, in one transaction. A second answer to the same send changes nothing.
 * The message is then accepted or refused, goes to another provider, or, as a notice whose send has no answer, waits to be
 * looked for.
 */
export async function recordSendOutcome(
  transaction: Transaction,
  { attemptId, outcome: answer }: RecordSendOutcome,
): Promise<MessageState> {
  const message = await lockMessageOf(transaction, attemptId);
  const isOurs =
    answer.kind !== 'accepted' || !(await isTaken(transaction, attemptId, answer.providerMessageId));
  const outcome: RecordSendOutcome['outcome'] = isOurs ? answer : { kind: 'unknown', message: NAME_TAKEN };
  const accepted = outcome.kind === 'accepted' ? outcome : undefined;
  const refused = outcome.kind === 'refused' ? outcome : undefined;
  const attempt = await row(transaction, ANSWER, [
    attemptId,
    outcome.kind,
    refused?.class ?? null,
    refused?.code ?? null,
    outcome.kind === 'accepted' ? null : outcome.message,
    accepted?.providerMessageId ?? null,
    accepted?.cost?.amount ?? null,
    accepted?.cost?.unit ?? null,
    outcome.tookMs ?? null,
  ]);
  if (attempt) {
    if (message.status === 'sending') await moveAfterSend(transaction, message, outcome);
    const verdict = { attemptId, says: verdictOf(outcome, attempt), retryAfterMs: refused?.retryAfterMs };
    await noteSend(transaction, attempt, verdict, refused?.code ?? outcome.kind);
    // From now on nobody gets the right to call, so nothing goes out.
    if (outcome.kind === 'unknown' && !attempt.wasCalled)
      return recordFindOutcome(transaction, { attemptId, outcome: { kind: 'not_sent' } });
  }
  return requireMessageState(transaction, message.id);
}

async function moveAfterSend(
  transaction: Transaction,
  message: LockedMessage,
  outcome: SendResult,
): Promise<void> {
  if (outcome.kind === 'accepted') return moveMessage(transaction, message, 'accepted');
  if (outcome.kind === 'refused') {
    const isFinal = outcome.class === 'stop' || outcome.class === 'bug';
    return moveMessage(transaction, message, isFinal ? 'refused' : 'queued', outcome.code.slice(0, 80));
  }
  // A code may arrive twice, so it goes to another provider at once.
  if (message.kind === 'code') await moveMessage(transaction, message, 'queued', 'no_answer');
}

/** Recipients, single templates and our own mistakes say nothing about a provider, nor does a send that was never made. */
function verdictOf(outcome: SendResult, { wasCalled }: AnsweredAttempt): SendVerdict['says'] {
  if (!wasCalled) return 'nothing';
  if (outcome.kind === 'accepted') return 'works';
  if (outcome.kind === 'unknown' || outcome.class === 'overload') return 'fails';
  return outcome.class === 'config' && outcome.concerns !== 'template' ? 'misconfigured' : 'nothing';
}

/** What became of a send without an answer. */
export interface RecordFindOutcome {
  readonly attemptId: string;
  readonly outcome:
    | (Omit<Extract<SendResult, { kind: 'accepted' }>, 'kind'> & { readonly kind: 'found' })
    | { readonly kind: 'not_sent' }
    /** A person lets it be sent again although it may have gone out. */
    | { readonly kind: 'abandoned' };
}

const FIND = statement<{ id: string }>(
  `UPDATE sms_attempts SET status = $2, provider_message_id = $3, cost = $4::numeric, cost_unit = left($5, 20)
   WHERE id = $1 AND status = 'unknown'
   RETURNING id`,
  { id: uuid },
);

/** Records what became of a send without an answer: the provider has it, or the message is queued again. */
export async function recordFindOutcome(
  transaction: Transaction,
  { attemptId, outcome }: RecordFindOutcome,
): Promise<MessageState> {
  const message = await lockMessageOf(transaction, attemptId);
  const found = outcome.kind === 'found' ? outcome : undefined;
  if (found && (await isTaken(transaction, attemptId, found.providerMessageId)))
    return requireMessageState(transaction, message.id);
  const changed = await rows(transaction, FIND, [
    attemptId,
    found ? 'accepted' : outcome.kind,
    found?.providerMessageId ?? null,
    found?.cost?.amount ?? null,
    found?.cost?.unit ?? null,
  ]);
  // A code that is being sent through another provider goes on.
  const isElsewhere = message.kind === 'code' && message.status === 'sending';
  if (changed.length > 0 && !isElsewhere && !OVER.includes(message.status)) {
    await moveMessage(transaction, message, found ? 'accepted' : 'queued');
  }
  return requireMessageState(transaction, message.id);
}

/** Nobody can find out whether the notice went out. It is never sent again unless a person says so. */
export async function markAmbiguous(
  transaction: Transaction,
  { messageId }: { readonly messageId: string },
): Promise<MessageState> {
  const message = await lockMessage(transaction, messageId);
  if (message.status === 'sending') await moveMessage(transaction, message, 'ambiguous', 'no_answer');
  return requireMessageState(transaction, messageId);
}
