import type { AttemptState } from '../../entities/orders/order-state';
import { answerOf } from './ask-gateway';
import { inquirePayment, reversePayment, steps, type CheckoutRun } from './checkout-run';
import type { InquiryAnswer, ReverseAnswer, Unclear } from './checkout.steps';
import { reference } from './take-payment';

/**
 * Returns money that was taken without being wanted, once. A reversal that was asked for and not answered is inquired
 * about before anything else, and one that was handed to a person is not asked for again unless an operator says so, so
 * that the money never goes back twice. The row is read first: after a reset it knows more than the workflow remembers.
 */
export async function giveBack(run: CheckoutRun, { id }: AttemptState): Promise<void> {
  const { orderId } = run.input;
  const isRetried = run.polls.isRetried(id);
  run.polls.begin(id, Date.now());
  await run.refresh();
  const attempt = run.attempt(id);
  if (attempt?.status !== 'surplus' || attempt.refunded === attempt.amount) return settled(run, id);
  if (attempt.refundPending > 0) {
    const known = await answerOf(inquirePayment(reference(attempt)));
    if (isReversed(known)) return refunded(run, attempt);
    if (known.kind !== 'status') return waits(run, attempt, known);
  } else if (attempt.failureCode !== null && !isRetried) {
    return handToPerson(run, attempt, attempt.failureCode);
  } else {
    run.follow(await steps.beginRefund({ orderId, attemptId: id }));
  }
  const answer = await answerOf(reversePayment(reference(attempt)));
  switch (answer.kind) {
    case 'reversed':
      return refunded(run, attempt);
    case 'not_reversible': {
      const known = await answerOf(inquirePayment(reference(attempt)));
      if (isReversed(known)) return refunded(run, attempt);
      return isUnclear(known) ? waits(run, attempt, known) : abandon(run, attempt, answer.code);
    }
    case 'too_late':
    case 'bank_refused':
    case 'rejected':
      return abandon(run, attempt, answer.code);
    default:
      return waits(run, attempt, answer);
  }
}

async function refunded(run: CheckoutRun, { id }: AttemptState): Promise<void> {
  run.follow(await steps.recordRefunded({ orderId: run.input.orderId, attemptId: id }));
  settled(run, id);
}

function settled(run: CheckoutRun, id: string): void {
  run.polls.endClearly(id);
  run.attention.resolve(id);
}

/** The gateway cannot give it back this way any more: a refund or a bank transfer is a person's to make. */
async function abandon(run: CheckoutRun, attempt: AttemptState, failureCode: string): Promise<void> {
  const { orderId } = run.input;
  run.follow(await steps.abandonRefund({ orderId, attemptId: attempt.id, failureCode }));
  await handToPerson(run, attempt, failureCode);
}

async function handToPerson(run: CheckoutRun, attempt: AttemptState, code: string): Promise<void> {
  run.polls.leave(attempt.id);
  await run.attention.needFor(attempt.id, {
    what: `${attempt.gateway} does not reverse ${attempt.amount} rial that are owed to the buyer`,
    code,
    resolvedBy:
      'Refund them in the gateway’s panel, then send `decide` with `refunded_by_hand`; `retry` asks the gateway again.',
  });
}

async function waits(
  run: CheckoutRun,
  attempt: AttemptState,
  answer: Exclude<InquiryAnswer | ReverseAnswer, { kind: 'status' | 'reversed' }>,
): Promise<void> {
  const now = Date.now();
  run.polls.endUnclearly(attempt.id, now);
  if (answer.kind === 'operator' || run.polls.isUnclearTooLong(attempt.id, now)) {
    await run.attention.needFor(attempt.id, {
      what: `${attempt.gateway} was asked to return ${attempt.amount} rial and gives no clear answer`,
      code: ('code' in answer ? answer.code : undefined) ?? 'no_answer',
      resolvedBy:
        'It is asked again by itself; send `retry`, or `decide` with `refunded_by_hand` once the money is back.',
    });
  }
}

function isUnclear(answer: InquiryAnswer): answer is Unclear {
  return answer.kind === 'operator' || answer.kind === 'wait' || answer.kind === 'unknown';
}

function isReversed(answer: { kind: string; status?: string }): boolean {
  return answer.kind === 'status' && answer.status === 'reversed';
}
