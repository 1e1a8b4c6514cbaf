import { log } from '@temporalio/workflow';

import { refusalFailure, refusalIn, type Refusal } from '../shared/refusal';
import { steps, type CheckoutRun } from './checkout-run';
import type { CheckoutAnswer, Decision } from './checkout.contract';
import { closeOrder } from './close-order';
import type { Request } from './mailbox';
import { openAnother } from './open-payment-page';

/** Does what a message asks for. The tables judge it: what they refuse is an answer too. */
export async function serve(run: CheckoutRun, request: Request): Promise<CheckoutAnswer | Refusal> {
  try {
    const isNew = await grant(run, request);
    return { order: run.order, isNew };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await run.refresh();
    return refusal;
  } finally {
    run.publish();
  }
}

/** @returns whether the request made something that was not there before */
async function grant(run: CheckoutRun, request: Request): Promise<boolean> {
  switch (request.kind) {
    case 'open':
      return openAnother(run, request.cause, request.gateway);
    case 'cancel':
      await closeOrder(run, 'cancelled');
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

/** A person says what no gateway could: that nothing was paid, or that the money is back. What it does not fit stays. */
async function carryOut(run: CheckoutRun, attemptId: string, decision: Decision): Promise<void> {
  const { orderId } = run.input;
  const decided = run.attempt(attemptId);
  // Not the tables' to find out: they would not even read an id that is none.
  if (!decided) throw refusalFailure({ code: 'payment.not_found', details: { attemptId } });
  if (decided.status === 'refused') {
    run.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else if (decision === 'not_paid') {
    const belongsToAnother = run.attention.codeOf(attemptId) === 'payment.reference_taken';
    run.follow(await steps.refuseAttempt({ orderId, attemptId, reason: 'decided_by_staff' }));
    // Watched further, the other payment's money would poll like a surplus of this one and be refunded.
    if (belongsToAnother) run.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else {
    run.follow(await steps.recordRefunded({ orderId, attemptId }));
  }
  const attempt = run.attempt(attemptId);
  const isOwed = attempt?.status === 'surplus' && attempt.refunded < attempt.amount;
  if (run.isFinal(attemptId) && !isOwed) run.attention.resolve(attemptId);
}

/** Whatever waits is tried at once; an order that nobody can pay gets a payment page. */
async function tryAgain(run: CheckoutRun, cause: string): Promise<void> {
  run.polls.retryNow();
  await run.refresh();
  const { status, attempts } = run.order;
  const last = attempts.at(-1);
  if (status === 'awaiting_payment' && last && attempts.every((attempt) => attempt.status === 'closed')) {
    await openAnother(run, cause, last.gateway);
  }
}
