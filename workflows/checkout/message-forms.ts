import { ApplicationFailure } from '@temporalio/common';

import { DECISIONS, type Decision } from './checkout.contract';

/**
 * The forms of messages. Validators poll nothing but the arguments, so a reset may run them again; without them a
 * message of another form, sent by hand, would fail the workflow's task for as long as it is delivered.
 */
const text = (value: unknown, atMost = 200): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= atMost;

/** A cause becomes part of a step's key, and the rows keep no key of more than 200 characters. */
export const LONGEST_CAUSE = 100;

function demand(isWellFormed: boolean, form: string): void {
  if (isWellFormed) return;
  throw ApplicationFailure.create({
    message: `this message is sent as ${form}`,
    type: 'request.invalid',
    nonRetryable: true,
    category: 'BENIGN',
  });
}

type Arguments = Readonly<Record<string, unknown>> | undefined;

export const placeForm = (it: Arguments): void => demand(text(it?.['askedBy']), '{"askedBy": "<who asks>"}');

export const paymentCallbackForm = (it: Arguments): void =>
  demand(text(it?.['attemptId']), '{"attemptId": "<the attempt>"}');

export const openPaymentForm = (it: Arguments): void =>
  demand(
    text(it?.['cause'], LONGEST_CAUSE) && text(it?.['gateway']),
    '{"cause": "<what asks for it>", "gateway": "<its name>"}',
  );

export const decideForm = (it: Arguments): void =>
  demand(
    text(it?.['attemptId']) && DECISIONS.includes(it?.['decision'] as Decision) && text(it?.['note']),
    `{"attemptId": "<the attempt>", "decision": "${DECISIONS.join('" or "')}", "note": "<the reason>"}`,
  );

/** A signal cannot be refused: what it brings beside the ids of attempts is left aside. */
export function attemptsIn(it: Arguments): string[] {
  const ids = it?.['attemptIds'];
  return Array.isArray(ids) ? ids.filter((id) => text(id)) : [];
}
