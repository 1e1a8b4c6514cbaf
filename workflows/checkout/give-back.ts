import type { AttemptState } from '../../entities/orders/order-state';
import { answerOf } from './ask-gateway';
import type { InquiryAnswer, ReverseAnswer, Unclear } from './checkout.steps';
import { inquirePayment, reversePayment, steps, type Story } from './story';
import { reference } from './take-payment';

/**
 * Returns money that was taken without being wanted, once. A reversal that was asked for and not answered is inquired
 * about before anything else, and one that was handed to a person is not asked for again unless an operator says so, so
 * that the money never goes back twice. The row is read first: after a reset it knows more than the story remembers.
 */
export async function giveBack(story: Story, { id }: AttemptState): Promise<void> {
  const { orderId } = story.input;
  const isUrged = story.looks.isUrged(id);
  story.looks.begin(id, Date.now());
  await story.refresh();
  const attempt = story.attempt(id);
  if (attempt?.status !== 'surplus' || attempt.returned === attempt.amount) return settled(story, id);
  if (attempt.returnPending > 0) {
    const known = await answerOf(inquirePayment(reference(attempt)));
    if (isReversed(known)) return returned(story, attempt);
    if (known.kind !== 'status') return waits(story, attempt, known);
  } else if (attempt.failureCode !== null && !isUrged) {
    return handToPerson(story, attempt, attempt.failureCode);
  } else {
    story.follow(await steps.beginReturn({ orderId, attemptId: id }));
  }
  const answer = await answerOf(reversePayment(reference(attempt)));
  switch (answer.kind) {
    case 'reversed':
      return returned(story, attempt);
    case 'not_reversible': {
      const known = await answerOf(inquirePayment(reference(attempt)));
      if (isReversed(known)) return returned(story, attempt);
      return isUnclear(known) ? waits(story, attempt, known) : abandon(story, attempt, answer.code);
    }
    case 'too_late':
    case 'bank_refused':
    case 'rejected':
      return abandon(story, attempt, answer.code);
    default:
      return waits(story, attempt, answer);
  }
}

async function returned(story: Story, { id }: AttemptState): Promise<void> {
  story.follow(await steps.recordReturned({ orderId: story.input.orderId, attemptId: id }));
  settled(story, id);
}

function settled(story: Story, id: string): void {
  story.looks.endClearly(id);
  story.attention.resolve(id);
}

/** The gateway cannot give it back this way any more: a refund or a bank transfer is a person's to make. */
async function abandon(story: Story, attempt: AttemptState, failureCode: string): Promise<void> {
  const { orderId } = story.input;
  story.follow(await steps.abandonReturn({ orderId, attemptId: attempt.id, failureCode }));
  await handToPerson(story, attempt, failureCode);
}

async function handToPerson(story: Story, attempt: AttemptState, code: string): Promise<void> {
  story.looks.leave(attempt.id);
  await story.attention.needFor(attempt.id, {
    what: `${attempt.gateway} does not reverse ${attempt.amount} rial that are owed to the buyer`,
    code,
    resolvedBy:
      'Refund them in the gateway’s panel, then send `decide` with `returned_by_hand`; `retry` asks the gateway again.',
  });
}

async function waits(
  story: Story,
  attempt: AttemptState,
  answer: Exclude<InquiryAnswer | ReverseAnswer, { kind: 'status' | 'reversed' }>,
): Promise<void> {
  const now = Date.now();
  story.looks.endUnclearly(attempt.id, now);
  if (answer.kind === 'operator' || story.looks.isUnclearTooLong(attempt.id, now)) {
    await story.attention.needFor(attempt.id, {
      what: `${attempt.gateway} was asked to return ${attempt.amount} rial and gives no clear answer`,
      code: ('code' in answer ? answer.code : undefined) ?? 'no_answer',
      resolvedBy:
        'It is asked again by itself; send `retry`, or `decide` with `returned_by_hand` once the money is back.',
    });
  }
}

function isUnclear(answer: InquiryAnswer): answer is Unclear {
  return answer.kind === 'operator' || answer.kind === 'wait' || answer.kind === 'unknown';
}

function isReversed(answer: { kind: string; status?: string }): boolean {
  return answer.kind === 'status' && answer.status === 'reversed';
}
