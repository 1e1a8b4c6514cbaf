import { CancellationScope, currentUpdateInfo, setHandler, workflowInfo } from '@temporalio/workflow';

import { cancelOrder, decide, openPayment, paymentReturned, place, retry, wake } from './checkout.contract';
import {
  attemptsIn,
  decideForm,
  LONGEST_CAUSE,
  openPaymentForm,
  paymentReturnedForm,
  placeForm,
} from './message-forms';
import type { Story } from './story';

/** Handlers keep what came and wait; a reset runs them again before the first step, so they judge by nothing. */
export function receiveMessages(story: Story): void {
  const { inbox } = story;
  setHandler(
    place,
    async ({ askedBy }) => {
      await inbox.until(() => true);
      return { order: story.order, askedBy };
    },
    { validator: placeForm },
  );
  setHandler(
    paymentReturned,
    async ({ attemptId }) => {
      const look = story.looks.want(attemptId);
      const isAnswered = () => story.isFinal(attemptId) || story.looks.hasEnded(attemptId, look);
      await inbox.until(() => isAnswered() || story.isUnclear(attemptId) || mustGoOnInNewRun());
      return { order: story.order };
    },
    { validator: paymentReturnedForm },
  );
  setHandler(openPayment, ({ cause, gateway }) => inbox.ask({ kind: 'open', cause, gateway }), {
    validator: openPaymentForm,
  });
  setHandler(cancelOrder, () => inbox.ask({ kind: 'cancel' }));
  setHandler(retry, () => inbox.ask({ kind: 'retry', cause: causeOf(currentUpdateInfo()!.id) }));
  setHandler(decide, (decision) => inbox.ask({ kind: 'decide', ...decision }), { validator: decideForm });
  setHandler(wake, (woken) => {
    for (const attemptId of attemptsIn(woken)) story.looks.want(attemptId);
    inbox.note({ kind: 'refresh' });
  });
  CancellationScope.current().cancelRequested.catch(() => inbox.note({ kind: 'cancel' }));
}

/** A new run begins when no message waits: one that waits for another attempt's end must not hold it up. */
export function mustGoOnInNewRun(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/** What an operator's update makes an attempt for. Its id may be of any length, a step key may not. */
function causeOf(updateId: string): string {
  return `retry:${updateId}`.slice(0, LONGEST_CAUSE);
}
