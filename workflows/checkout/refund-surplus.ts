import type { AttemptState } from '../../entities/orders/order-state';
import type { InquiryOutcome, ReverseOutcome } from '../payments/gateway.steps';
import { CLEAR, type Poll, type PollResult } from '../shared/polls';
import { gateway, referenceOf, steps, type CheckoutRun } from './checkout-run';

/**
 * Refunds money that was taken but not wanted, once. A reversal without an answer is followed by an inquiry. A reversal that
 * was left to a person is repeated only when an operator asks for it. So the money never goes back twice. The row is read
 * first: after a reset it knows more than the workflow remembers.
 */
export async function refundSurplus(
  run: CheckoutRun,
  { id }: AttemptState,
  { isRetry }: Poll,
): Promise<PollResult> {
  const { orderId } = run.input;
  await run.refresh();
  const attempt = run.attempt(id);
  if (attempt?.status !== 'surplus' || attempt.refunded === attempt.amount) return CLEAR;
  if (attempt.refundPending > 0) {
    const known = await gateway.inquirePayment(referenceOf(attempt));
    if (isReversed(known)) return refunded(run, attempt);
    if (known.kind !== 'status') return unclear(attempt, known);
  } else if (attempt.failureCode !== null && !isRetry) {
    return leftToPerson(attempt, attempt.failureCode);
  } else {
    run.follow(await steps.beginRefund({ orderId, attemptId: id }));
  }
  const answer = await gateway.reversePayment(referenceOf(attempt));
  switch (answer.kind) {
    case 'reversed':
      return refunded(run, attempt);
    case 'not_reversible': {
      const known = await gateway.inquirePayment(referenceOf(attempt));
      if (isReversed(known)) return refunded(run, attempt);
      const isKnown = known.kind === 'status' || known.kind === 'not_paid' || known.kind === 'rejected';
      return isKnown ? abandon(run, attempt, answer.code) : unclear(attempt, known);
    }
    case 'too_late':
    case 'bank_refused':
    case 'rejected':
      return abandon(run, attempt, answer.code);
    default:
      return unclear(attempt, answer);
  }
}

async function refunded(run: CheckoutRun, { id }: AttemptState): Promise<PollResult> {
  run.follow(await steps.recordRefunded({ orderId: run.input.orderId, attemptId: id }));
  return CLEAR;
}

/** The gateway can no longer reverse it: a person has to refund it or make a bank transfer. */
async function abandon(run: CheckoutRun, attempt: AttemptState, failureCode: string): Promise<PollResult> {
  const { orderId } = run.input;
  run.follow(await steps.abandonRefund({ orderId, attemptId: attempt.id, failureCode }));
  return leftToPerson(attempt, failureCode);
}

function leftToPerson(attempt: AttemptState, code: string): PollResult {
  return {
    kind: 'left',
    blocker: {
      what: `${attempt.gateway} does not reverse ${attempt.amount} rial that are owed to the buyer`,
      code,
      resolvedBy:
        'Refund them in the gateway’s panel, then send `decide` with `refunded_by_hand`. `retry` asks the gateway again.',
    },
  };
}

function unclear(
  attempt: AttemptState,
  answer: Exclude<InquiryOutcome | ReverseOutcome, { kind: 'status' | 'reversed' }>,
): PollResult {
  return {
    kind: 'unclear',
    isUrgent: answer.kind === 'operator',
    blocker: {
      what: `${attempt.gateway} was asked to reverse ${attempt.amount} rial and gives no clear answer`,
      code: answer.code ?? 'no_answer',
      resolvedBy:
        'The workflow keeps asking. Send `retry`, or `decide` with `refunded_by_hand` once the money is back.',
    },
  };
}

function isReversed(answer: InquiryOutcome): boolean {
  return answer.kind === 'status' && answer.status === 'reversed';
}
