import { CancellationScope, currentUpdateInfo, log, setHandler } from '@temporalio/workflow';

import { isText, messageForm, type Argument } from '../shared/message-form';
import { refusalFailure, refusalIn, type Refusal } from '../shared/refusal.contract';
import { mustContinueAsNew } from '../shared/work-until-done';
import { steps, type CheckoutRun, type Request } from './checkout-run';
import {
  cancel,
  decide,
  DECISIONS,
  openPayment,
  paymentCallback,
  place,
  retry,
  wake,
  type CheckoutAnswer,
  type Decision,
} from './checkout.contract';
import { openAnother } from './open-payment-page';

/** A cause becomes part of a step key, and the rows keep keys of at most 200 characters. */
const LONGEST_CAUSE = 100;

/** Handlers record what came and wait. A reset runs them again before the first step, so they decide nothing by state. */
export function receiveMessages(run: CheckoutRun): void {
  const { mailbox, polls } = run;
  setHandler(
    place,
    async () => {
      await mailbox.until(() => true);
      return { order: run.answer() };
    },
    { validator: messageForm('{"askedBy": "<who asks>"}', (it) => isText(it?.['askedBy'])) },
  );
  setHandler(
    paymentCallback,
    async ({ attemptId }) => {
      const poll = polls.request(attemptId);
      const isAnswered = () => run.isLost || run.isFinal(attemptId) || polls.hasEnded(attemptId, poll);
      await mailbox.until(() => isAnswered() || run.isUnclear(attemptId) || mustContinueAsNew());
      return { order: run.answer() };
    },
    { validator: messageForm('{"attemptId": "<the attempt>"}', (it) => isText(it?.['attemptId'])) },
  );
  setHandler(openPayment, ({ cause, gateway }) => mailbox.ask({ kind: 'open', cause, gateway }), {
    validator: messageForm(
      '{"cause": "<what asks for it>", "gateway": "<its name>"}',
      (it) => isText(it?.['cause'], LONGEST_CAUSE) && isText(it?.['gateway']),
    ),
  });
  setHandler(cancel, () => mailbox.ask({ kind: 'cancel' }));
  setHandler(retry, () => mailbox.ask({ kind: 'retry', cause: causeOf(currentUpdateInfo()!.id) }));
  setHandler(
    decide,
    ({ attemptId, decision, note }) => mailbox.ask({ kind: 'decide', attemptId, decision, note }),
    {
      validator: messageForm(
        `{"attemptId": "<the attempt>", "decision": "${DECISIONS.join('" or "')}", "note": "<the reason>"}`,
        (it) =>
          isText(it?.['attemptId']) &&
          DECISIONS.includes(it?.['decision'] as Decision) &&
          isText(it?.['note']),
      ),
    },
  );
  setHandler(wake, (argument) => {
    for (const attemptId of attemptsIn(argument)) polls.request(attemptId);
    mailbox.note({ kind: 'refresh' });
  });
  CancellationScope.current().cancelRequested.catch(() => mailbox.note({ kind: 'cancel' }));
}

/** What an operator's retry opens an attempt for. An update id may have any length, a step key may not. */
function causeOf(updateId: string): string {
  return `retry:${updateId}`.slice(0, LONGEST_CAUSE);
}

/** A signal cannot be refused: whatever is not an id is ignored. */
function attemptsIn(argument: Argument): string[] {
  const ids = argument?.['attemptIds'];
  return Array.isArray(ids) ? ids.filter((id) => isText(id)) : [];
}

/** Does what a message asks for. The tables judge it, and their refusal is an answer too. */
export async function serve(run: CheckoutRun, request: Request): Promise<CheckoutAnswer | Refusal> {
  try {
    const isNew = await grant(run, request);
    return { order: run.answer(), isNew };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await run.refresh();
    return refusal;
  } finally {
    run.publish();
  }
}

/** @returns whether the request made something new */
async function grant(run: CheckoutRun, request: Request): Promise<boolean> {
  switch (request.kind) {
    case 'open':
      return openAnother(run, request.cause, request.gateway);
    case 'cancel':
      await run.close('cancelled');
      break;
    case 'retry':
      await tryAgain(run, request.cause);
      break;
    case 'decide':
      log.info('an operator decided about an attempt', { ...request });
      await carryOut(run, request.attemptId, request.decision);
      break;
    case 'refresh':
      await run.refresh();
  }
  return false;
}

/** Applies an operator's decision: nothing was paid, or the money is back. Where it does not fit, nothing changes. */
async function carryOut(run: CheckoutRun, attemptId: string, decision: Decision): Promise<void> {
  const { orderId } = run.input;
  const attempt = run.attempt(attemptId);
  // The tables cannot refuse this one: they would fail to read an id that is not a UUID.
  if (!attempt) throw refusalFailure({ code: 'payment.not_found', details: { attemptId } });
  if (attempt.status === 'refused') {
    run.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else if (decision === 'not_paid') {
    const belongsToAnother = run.attention.codeOf(attemptId) === 'payment.reference_taken';
    run.follow(await steps.refuseAttempt({ orderId, attemptId, reason: 'decided_by_staff' }));
    // If it were still watched, the other payment's money would look like a surplus of this one and be refunded.
    if (belongsToAnother) run.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else {
    run.follow(await steps.recordRefunded({ orderId, attemptId }));
  }
  const decided = run.attempt(attemptId);
  const isOwed = decided?.status === 'surplus' && decided.refunded < decided.amount;
  if (run.isFinal(attemptId) && !isOwed) run.attention.resolve(attemptId);
}

/** Polls everything at once. An order without a payable attempt gets a payment page. */
async function tryAgain(run: CheckoutRun, cause: string): Promise<void> {
  run.polls.retryNow();
  await run.refresh();
  if (run.isLost) return;
  const { status, attempts } = run.order;
  const last = attempts.at(-1);
  if (status === 'awaiting_payment' && last && attempts.every((attempt) => attempt.status === 'closed')) {
    await openAnother(run, cause, last.gateway);
  }
}
