import type { Capture } from '../../entities/checkout/begin-capture';
import type { AttemptState } from '../../entities/orders/order-state';
import type { Captured, NoAnswer } from '../payments/gateway.steps';
import { CLEAR, type Poll, type PollResult } from '../shared/polls';
import { refusalIn } from '../shared/refusal.contract';
import { gateway, referenceOf, steps, type CheckoutRun } from './checkout-run';

/**
 * Takes the money of an attempt if it is there. The tables first say whether it may be taken. Then verifying *is* the
 * capture: between the gateway's answer and the row that keeps it, nothing is read that a message could change.
 */
export async function takePayment(
  run: CheckoutRun,
  attempt: AttemptState,
  moneyIsThere = false,
): Promise<PollResult> {
  const { orderId } = run.input;
  const attemptId = attempt.id;
  const start = await steps.beginCapture({ orderId, attemptId, moneyIsThere });
  if (!start.begun) {
    run.follow(start.order);
    return CLEAR;
  }
  const capture = start.begun;
  const answer = await gateway.verifyPayment({ ...capture, amount: run.moneyOf(capture) });
  switch (answer.kind) {
    case 'captured':
      return confirm(run, capture, answer);
    case 'not_paid':
      run.follow(await steps.reopenAttempt({ ...capture, orderId, failureCode: answer.code }));
      return CLEAR;
    case 'rejected': {
      const reason = 'rejected_by_gateway';
      run.follow(await steps.refuseAttempt({ orderId, attemptId, reason, failureCode: answer.code }));
      const problem = `${attempt.gateway} rejects the payment for good: ${answer.message}`;
      return { kind: 'clear', alert: { problem, code: answer.code } };
    }
    default:
      return unclear(run, attempt, answer);
  }
}

/** The money is taken: it settles the order, or is recorded as owed to the buyer. */
async function confirm(
  run: CheckoutRun,
  { attemptId, gateway: name }: Capture,
  { refId, cardPan, fee }: Captured,
): Promise<PollResult> {
  const { orderId } = run.input;
  try {
    const key = run.key('settle', attemptId);
    run.follow(await steps.confirmOrder({ key, orderId, attemptId, refId, cardPan, fee }));
    return CLEAR;
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    if (refusal.code === 'order.not_awaiting_payment') {
      run.follow(await steps.recordSurplus({ orderId, attemptId, refId }));
      return CLEAR;
    }
    if (refusal.code === 'order.lost') throw error;
    await run.refresh();
    return {
      kind: 'left',
      blocker: {
        what: `${name} took the money but its receipt ${refId} belongs to another payment`,
        code: refusal.code,
        resolvedBy:
          'Ask the gateway whose money it is. Send `retry`, or `decide` with `not_paid` when it is not this order’s.',
      },
    };
  }
}

/** Asks, without taking anything, about an attempt that should no longer be paid. */
export async function watchPayment(
  run: CheckoutRun,
  attempt: AttemptState,
  { at, wasRequested }: Poll,
): Promise<PollResult> {
  const { orderId } = run.input;
  const attemptId = attempt.id;
  const answer = await gateway.inquirePayment(referenceOf(attempt));
  if (answer.kind === 'status') {
    const { status } = answer;
    if (attempt.status === 'open' && (status === 'paid' || status === 'captured')) {
      return takePayment(run, attempt, true);
    }
    if (status === 'captured') run.follow(await steps.recordSurplus({ orderId, attemptId }));
    else if (status === 'paid' && isLastPoll(run, attempt, at)) return moneyStayed(run, attempt);
  } else if (answer.kind !== 'not_paid' && answer.kind !== 'rejected') {
    return unclear(run, attempt, answer);
  }
  if (wasRequested) run.follow(await steps.markCallbacksProcessed({ orderId, attemptId, askedAt: at }));
  return CLEAR;
}

function isLastPoll({ input }: CheckoutRun, attempt: AttemptState, at: number): boolean {
  return at >= attempt.payableUntil + input.timing.watchLateMs;
}

/** The watch ends while the gateway still has money that nobody took and that did not go back. */
function moneyStayed({ input }: CheckoutRun, attempt: AttemptState): PollResult {
  return {
    kind: 'unclear',
    retryAfterMs: input.timing.pollEveryMs,
    isUrgent: true,
    blocker: {
      what: `${attempt.gateway} still has money that was paid for attempt ${attempt.id} and never taken`,
      code: 'payment.money_stayed',
      resolvedBy: 'Make sure that the buyer gets it back, then send `decide` with `refunded_by_hand`.',
    },
  };
}

/** Reads the rows before the poll ends: a buyer who waits for it must not hear that nothing was paid. */
async function unclear(
  run: CheckoutRun,
  attempt: AttemptState,
  answer: Exclude<NoAnswer, { kind: 'rejected' }>,
): Promise<PollResult> {
  await run.refresh();
  return {
    kind: 'unclear',
    retryAfterMs: answer.kind === 'wait' ? answer.retryAfterMs : undefined,
    isUrgent: answer.kind === 'operator',
    blocker: {
      what: `${attempt.gateway} gives no clear answer: ${answer.message}`,
      code: answer.code ?? 'no_answer',
      resolvedBy:
        'The workflow keeps asking. Send `retry` to ask at once, or `decide` with `not_paid` when the gateway says so.',
    },
  };
}
