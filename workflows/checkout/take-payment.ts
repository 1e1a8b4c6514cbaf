import type { AttemptState } from '../../entities/orders/order-state';
import type { Capture } from '../../entities/payments/begin-capture';
import { refusalIn } from '../shared/refusal';
import { answerOf } from './ask-gateway';
import type { Unclear } from './checkout.steps';
import { inquirePayment, steps, verifyPayment, type Story } from './story';

/**
 * Takes the money of an attempt if it is there. The tables are asked first whether it may be taken; then verifying *is*
 * the capture, so between the gateway's answer and the row that keeps it nothing is read that a message could change.
 */
export async function takePayment(story: Story, attempt: AttemptState, moneyIsThere = false): Promise<void> {
  const { orderId } = story.input;
  story.looks.begin(attempt.id, Date.now());
  const start = await steps.beginCapture({ orderId, attemptId: attempt.id, moneyIsThere });
  if (!start.begun) {
    story.follow(start.order);
    story.looks.endClearly(attempt.id);
    story.attention.resolve(attempt.id);
    return;
  }
  const answer = await answerOf(verifyPayment(start.begun));
  switch (answer.kind) {
    case 'captured':
      return confirm(story, start.begun, answer);
    case 'not_paid':
      story.follow(await steps.returnToOpen({ ...start.begun, orderId, failureCode: answer.code }));
      break;
    case 'rejected':
      story.follow(
        await steps.refuseAttempt({
          orderId,
          attemptId: attempt.id,
          reason: 'rejected_by_gateway',
          failureCode: answer.code,
        }),
      );
      await story.alarm(`${attempt.gateway} rejects the payment for good: ${answer.message}`, answer.code);
      break;
    default:
      return staysUnclear(story, attempt, answer);
  }
  story.looks.endClearly(attempt.id);
  story.attention.resolve(attempt.id);
}

/** The money is taken: now it must settle the order, or be known as owed. */
async function confirm(
  story: Story,
  { attemptId, gateway }: Capture,
  { refId, cardPan, fee }: { refId: string; cardPan?: string; fee?: number },
): Promise<void> {
  const { orderId } = story.input;
  try {
    const key = story.key('settle', attemptId);
    story.follow(await steps.confirmOrder({ key, orderId, attemptId, refId, cardPan, fee }));
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.code === 'order.not_awaiting_payment') {
      story.follow(await steps.recordSurplus({ orderId, attemptId, refId }));
    } else if (refusal) {
      await story.refresh();
      story.looks.leave(attemptId);
      await story.attention.needFor(attemptId, {
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
  story.looks.endClearly(attemptId);
  story.attention.resolve(attemptId);
}

/** Asks, without taking anything, about an attempt that should not be paid any more. */
export async function watchPayment(story: Story, attempt: AttemptState): Promise<void> {
  const { orderId } = story.input;
  const askedAt = Date.now();
  const wanted = story.looks.isWanted(attempt);
  story.looks.begin(attempt.id, askedAt);
  const answer = await answerOf(inquirePayment({ ...reference(attempt) }));
  if (answer.kind === 'status') {
    const isOpen = attempt.status === 'open';
    if (isOpen && (answer.status === 'paid' || answer.status === 'captured')) {
      return takePayment(story, attempt, true);
    }
    if (answer.status === 'captured') {
      story.follow(await steps.recordSurplus({ orderId, attemptId: attempt.id }));
    } else if (answer.status === 'paid' && isLastLook(story, attempt, askedAt)) {
      return moneyStayed(story, attempt);
    }
  } else if (answer.kind !== 'not_paid' && answer.kind !== 'rejected') {
    return staysUnclear(story, attempt, answer);
  }
  if (wanted) story.follow(await steps.seeReturns({ orderId, attemptId: attempt.id, askedAt }));
  story.looks.endClearly(attempt.id);
  story.attention.resolve(attempt.id);
}

/** The watch ends while the gateway still has money that nobody took and that did not go back. */
async function moneyStayed(story: Story, attempt: AttemptState): Promise<void> {
  story.looks.endUnclearly(attempt.id, Date.now(), story.input.timing.pollEveryMs);
  await story.attention.needFor(attempt.id, {
    what: `${attempt.gateway} still has money that was paid for attempt ${attempt.id} and never taken`,
    code: 'payment.money_stayed',
    resolvedBy: 'See to it that the buyer gets it back, then send `decide` with `returned_by_hand`.',
  });
}

function isLastLook({ input }: Story, attempt: AttemptState, now: number): boolean {
  return now >= attempt.payableUntil + input.timing.watchLateMs;
}

/** The rows are read before the look ends: a buyer who waits for it must not hear that nothing was paid. */
async function staysUnclear(story: Story, attempt: AttemptState, answer: Unclear): Promise<void> {
  await story.refresh();
  const now = Date.now();
  story.looks.endUnclearly(attempt.id, now, answer.kind === 'wait' ? answer.retryAfterMs : undefined);
  if (answer.kind === 'operator' || story.looks.isUnclearTooLong(attempt.id, now)) {
    await story.attention.needFor(attempt.id, {
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
