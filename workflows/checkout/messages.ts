import { CancellationScope, currentUpdateInfo, setHandler, workflowInfo } from '@temporalio/workflow';

import type { CheckoutRun } from './checkout-run';
import { cancel, decide, openPayment, paymentCallback, place, retry, wake } from './checkout.contract';
import {
  attemptsIn,
  decideForm,
  LONGEST_CAUSE,
  openPaymentForm,
  paymentCallbackForm,
  placeForm,
} from './message-forms';

/** Handlers keep what came and wait; a reset runs them again before the first step, so they judge by nothing. */
export function receiveMessages(run: CheckoutRun): void {
  const { mailbox } = run;
  setHandler(
    place,
    async ({ askedBy }) => {
      await mailbox.until(() => true);
      return { order: run.order, askedBy };
    },
    { validator: placeForm },
  );
  setHandler(
    paymentCallback,
    async ({ attemptId }) => {
      const poll = run.polls.want(attemptId);
      const isAnswered = () => run.isFinal(attemptId) || run.polls.hasEnded(attemptId, poll);
      await mailbox.until(() => isAnswered() || run.isUnclear(attemptId) || mustGoOnInNewRun());
      return { order: run.order };
    },
    { validator: paymentCallbackForm },
  );
  setHandler(openPayment, ({ cause, gateway }) => mailbox.ask({ kind: 'open', cause, gateway }), {
    validator: openPaymentForm,
  });
  setHandler(cancel, () => mailbox.ask({ kind: 'cancel' }));
  setHandler(retry, () => mailbox.ask({ kind: 'retry', cause: causeOf(currentUpdateInfo()!.id) }));
  setHandler(decide, (decision) => mailbox.ask({ kind: 'decide', ...decision }), { validator: decideForm });
  setHandler(wake, (woken) => {
    for (const attemptId of attemptsIn(woken)) run.polls.want(attemptId);
    mailbox.note({ kind: 'refresh' });
  });
  CancellationScope.current().cancelRequested.catch(() => mailbox.note({ kind: 'cancel' }));
}

/** A new run begins when no message waits: one that waits for another attempt's end must not hold it up. */
export function mustGoOnInNewRun(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/** What an operator's update makes an attempt for. Its id may be of any length, a step key may not. */
function causeOf(updateId: string): string {
  return `retry:${updateId}`.slice(0, LONGEST_CAUSE);
}
