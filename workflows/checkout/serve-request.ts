import { log } from '@temporalio/workflow';

import { refusalFailure, refusalIn, type Refusal } from '../shared/refusal';
import type { CheckoutAnswer, Decision } from './checkout.contract';
import { closeOrder } from './close-order';
import type { Request } from './inbox';
import { openAnother } from './open-payment-page';
import { steps, type Story } from './story';

/** Does what a message asks for. The tables judge it: what they refuse is an answer too. */
export async function serve(story: Story, request: Request): Promise<CheckoutAnswer | Refusal> {
  try {
    const isNew = await grant(story, request);
    return { order: story.order, isNew };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await story.refresh();
    return refusal;
  } finally {
    story.publish();
  }
}

/** @returns whether the request made something that was not there before */
async function grant(story: Story, request: Request): Promise<boolean> {
  switch (request.kind) {
    case 'open':
      return openAnother(story, request.cause, request.gateway);
    case 'cancel':
      await closeOrder(story, 'cancelled');
      break;
    case 'retry':
      await tryAgain(story, request.cause);
      break;
    case 'decide':
      log.info('an operator decided about an attempt', { ...request });
      await carryOut(story, request.attemptId, request.decision);
      break;
    case 'refresh':
      await story.refresh();
  }
  return false;
}

/** A person says what no gateway could: that nothing was paid, or that the money is back. What it does not fit stays. */
async function carryOut(story: Story, attemptId: string, decision: Decision): Promise<void> {
  const { orderId } = story.input;
  const decided = story.attempt(attemptId);
  // Not the tables' to find out: they would not even read an id that is none.
  if (!decided) throw refusalFailure({ code: 'payment.not_found', details: { attemptId } });
  if (decided.status === 'refused') {
    story.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else if (decision === 'not_paid') {
    const belongsToAnother = story.attention.codeOf(attemptId) === 'payment.reference_taken';
    story.follow(await steps.refuseAttempt({ orderId, attemptId, reason: 'decided_by_staff' }));
    // Watched further, the other payment's money would look like a surplus of this one and be returned.
    if (belongsToAnother) story.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else {
    story.follow(await steps.recordReturned({ orderId, attemptId }));
  }
  const attempt = story.attempt(attemptId);
  const isOwed = attempt?.status === 'surplus' && attempt.returned < attempt.amount;
  if (story.isFinal(attemptId) && !isOwed) story.attention.resolve(attemptId);
}

/** Whatever waits is tried at once; an order that nobody can pay gets a payment page. */
async function tryAgain(story: Story, cause: string): Promise<void> {
  story.looks.hurry();
  await story.refresh();
  const { status, attempts } = story.order;
  const last = attempts.at(-1);
  if (status === 'awaiting_payment' && last && attempts.every((attempt) => attempt.status === 'closed')) {
    await openAnother(story, cause, last.gateway);
  }
}
