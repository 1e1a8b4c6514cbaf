import {
  CancellationScope,
  condition,
  currentUpdateInfo,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import { refusalFailure, type Refusal } from '../shared/refusal';
import {
  cancelOrder,
  decide,
  openPayment,
  paymentReturned,
  place,
  retry,
  wake,
  type CheckoutAnswer,
} from './checkout.contract';
import type { Inbox, Request } from './inbox';
import {
  attemptsIn,
  decideForm,
  LONGEST_CAUSE,
  openPaymentForm,
  paymentReturnedForm,
  placeForm,
} from './message-forms';
import type { Story } from './story';

/** How the beginning went, for whoever asked for the order. */
export interface Opening {
  isDone?: boolean;
  refusal?: Refusal;
}

/** Handlers keep what came and wait; a reset runs them again before the first step, so they judge by nothing. */
export function receiveMessages(story: Story, inbox: Inbox, opening: Opening): void {
  const answerWhen = (isTime: () => boolean): Promise<CheckoutAnswer> =>
    CancellationScope.nonCancellable(async () => {
      await condition(() => opening.isDone === true && (opening.refusal !== undefined || isTime()));
      if (opening.refusal) throw refusalFailure(opening.refusal);
      return { order: story.order };
    });
  const ask = (request: Request) => CancellationScope.nonCancellable(() => inbox.ask(request));

  setHandler(place, async ({ askedBy }) => ({ ...(await answerWhen(() => true)), askedBy }), {
    validator: placeForm,
  });
  setHandler(
    paymentReturned,
    ({ attemptId }) => {
      const look = story.looks.want(attemptId);
      const isAnswered = () => story.isFinal(attemptId) || story.looks.hasEnded(attemptId, look);
      return answerWhen(() => isAnswered() || story.isUnclear(attemptId) || mustGoOnInNewRun());
    },
    { validator: paymentReturnedForm },
  );
  setHandler(openPayment, ({ cause, gateway }) => ask({ kind: 'open', cause, gateway }), {
    validator: openPaymentForm,
  });
  setHandler(cancelOrder, () => ask({ kind: 'cancel' }));
  setHandler(retry, () => ask({ kind: 'retry', cause: causeOf(currentUpdateInfo()!.id) }));
  setHandler(decide, (decision) => ask({ kind: 'decide', ...decision }), { validator: decideForm });
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
