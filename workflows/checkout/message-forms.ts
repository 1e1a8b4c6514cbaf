import { ApplicationFailure } from '@temporalio/common';

import { DECISIONS, type Decision } from './checkout.contract';

/**
 * The forms of messages. Validators look at nothing but the arguments, so a reset may run them again; without them a
 * message of another form, sent by hand, would fail the story's task for as long as it is delivered.
 */
const text = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= 200;

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

export const paymentReturnedForm = (it: Arguments): void =>
  demand(text(it?.['attemptId']), '{"attemptId": "<the attempt>"}');

export const openPaymentForm = (it: Arguments): void =>
  demand(
    text(it?.['cause']) && text(it?.['gateway']),
    '{"cause": "<what asks for it>", "gateway": "<its name>"}',
  );

export const decideForm = (it: Arguments): void =>
  demand(
    text(it?.['attemptId']) && DECISIONS.includes(it?.['decision'] as Decision) && text(it?.['note']),
    `{"attemptId": "<the attempt>", "decision": "${DECISIONS.join('" or "')}", "note": "<the reason>"}`,
  );
