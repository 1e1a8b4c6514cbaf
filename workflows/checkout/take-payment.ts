import type { Capture } from '../../entities/checkout/begin-capture';
import type { AttemptState } from '../../entities/orders/order-state';
import { refusalIn } from '../shared/refusal';
import { answerOf } from './ask-gateway';
import { inquirePayment, steps, verifyPayment, type CheckoutRun } from './checkout-run';
import type { Unclear } from './checkout.steps';

/**
 * Takes the money of an attempt if it is there. The tables are asked first whether it may be taken; then verifying *is*
 * the capture, so between the gateway's answer and the row that keeps it nothing is read that a message could change.
 */
export async function takePayment(
  run: CheckoutRun,
  attempt: AttemptState,
  moneyIsThere = false,
): Promise<void> {
  const { orderId } = run.input;
  run.polls.begin(attempt.id, Date.now());
  const start = await steps.beginCapture({ orderId, attemptId: attempt.id, moneyIsThere });
  if (!start.begun) {
    run.follow(start.order);
    run.polls.endClearly(attempt.id);
    run.attention.resolve(attempt.id);
    return;
  }
  const answer = await answerOf(verifyPayment(start.begun));
  switch (answer.kind) {
    case 'captured':
      return confirm(run, start.begun, answer);
    case 'not_paid':
      run.follow(await steps.reopenAttempt({ ...start.begun, orderId, failureCode: answer.code }));
      break;
    case 'rejected':
      run.follow(
        await steps.refuseAttempt({
          orderId,
          attemptId: attempt.id,
          reason: 'rejected_by_gateway',
          failureCode: answer.code,
        }),
      );
      await run.alert(`${attempt.gateway} rejects the payment for good: ${answer.message}`, answer.code);
      break;
    default:
      return staysUnclear(run, attempt, answer);
  }
  run.polls.endClearly(attempt.id);
  run.attention.resolve(attempt.id);
}

/** The money is taken: now it must settle the order, or be known as owed. */
async function confirm(
  run: CheckoutRun,
  { attemptId, gateway }: Capture,
  { refId, cardPan, fee }: { refId: string; cardPan?: string; fee?: number },
): Promise<void> {
  const { orderId } = run.input;
  try {
    const key = run.key('settle', attemptId);
    run.follow(await steps.confirmOrder({ key, orderId, attemptId, refId, cardPan, fee }));
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.code === 'order.not_awaiting_payment') {
      run.follow(await steps.recordSurplus({ orderId, attemptId, refId }));
    } else if (refusal) {
      await run.refresh();
      run.polls.leave(attemptId);
      await run.attention.needFor(attemptId, {
        what: `${gateway} took the money but its receipt ${refId} belongs to another payment`,
        code: refusal.code,
        resolvedBy:
          'Find out with the gateway whose money it is; send `retry`, or `decide` with `not_paid` when it is not this order’s.',
      });
      return;
    } else {
      throw error;
    }
  }
  run.polls.endClearly(attemptId);
  run.attention.resolve(attemptId);
}

/** Asks, without taking anything, about an attempt that should not be paid any more. */
export async function watchPayment(run: CheckoutRun, attempt: AttemptState): Promise<void> {
  const { orderId } = run.input;
  const askedAt = Date.now();
  const wanted = run.polls.isWanted(attempt);
  run.polls.begin(attempt.id, askedAt);
  const answer = await answerOf(inquirePayment({ ...reference(attempt) }));
  if (answer.kind === 'status') {
    const isOpen = attempt.status === 'open';
    if (isOpen && (answer.status === 'paid' || answer.status === 'captured')) {
      return takePayment(run, attempt, true);
    }
    if (answer.status === 'captured') {
      run.follow(await steps.recordSurplus({ orderId, attemptId: attempt.id }));
    } else if (answer.status === 'paid' && isLastLook(run, attempt, askedAt)) {
      return moneyStayed(run, attempt);
    }
  } else if (answer.kind !== 'not_paid' && answer.kind !== 'rejected') {
    return staysUnclear(run, attempt, answer);
  }
  if (wanted) run.follow(await steps.markCallbacksProcessed({ orderId, attemptId: attempt.id, askedAt }));
  run.polls.endClearly(attempt.id);
  run.attention.resolve(attempt.id);
}

/** The watch ends while the gateway still has money that nobody took and that did not go back. */
async function moneyStayed(run: CheckoutRun, attempt: AttemptState): Promise<void> {
  run.polls.endUnclearly(attempt.id, Date.now(), run.input.timing.pollEveryMs);
  await run.attention.needFor(attempt.id, {
    what: `${attempt.gateway} still has money that was paid for attempt ${attempt.id} and never taken`,
    code: 'payment.money_stayed',
    resolvedBy: 'See to it that the buyer gets it back, then send `decide` with `refunded_by_hand`.',
  });
}

function isLastLook({ input }: CheckoutRun, attempt: AttemptState, now: number): boolean {
  return now >= attempt.payableUntil + input.timing.watchLateMs;
}

/** The rows are read before the poll ends: a buyer who waits for it must not hear that nothing was paid. */
async function staysUnclear(run: CheckoutRun, attempt: AttemptState, answer: Unclear): Promise<void> {
  await run.refresh();
  const now = Date.now();
  run.polls.endUnclearly(attempt.id, now, answer.kind === 'wait' ? answer.retryAfterMs : undefined);
  if (answer.kind === 'operator' || run.polls.isUnclearTooLong(attempt.id, now)) {
    await run.attention.needFor(attempt.id, {
      what: `${attempt.gateway} gives no clear answer: ${answer.message}`,
      code: answer.code ?? 'no_answer',
      resolvedBy:
        'It is asked again by itself; send `retry` to ask at once, or `decide` with `not_paid` when the gateway says so.',
    });
  }
}

export function reference({ id, gateway, authority }: AttemptState) {
  return { attemptId: id, gateway, authority: authority! };
}
