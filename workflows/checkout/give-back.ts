import type { AttemptState } from '../../entities/orders/order-state';
import { answerOf } from './ask-gateway';
import type { InquiryAnswer, ReverseAnswer } from './checkout.steps';
import { inquirePayment, reversePayment, steps, type Story } from './story';
import { reference } from './take-payment';

/**
 * Returns money that was taken without being wanted, once. A reversal that was asked for and not answered is inquired
 * about before anything else, so that the money is never asked for twice.
 */
export async function giveBack(story: Story, attempt: AttemptState): Promise<void> {
  const { orderId } = story.input;
  const wasAsked = attempt.returnPending > 0;
  story.looks.begin(attempt.id, Date.now());
  if (wasAsked) {
    const known = await answerOf(inquirePayment(reference(attempt)));
    if (isReversed(known)) return returned(story, attempt);
    if (known.kind !== 'status') return waits(story, attempt, known);
  } else {
    story.follow(await steps.beginReturn({ orderId, attemptId: attempt.id }));
  }
  const answer = await answerOf(reversePayment(reference(attempt)));
  switch (answer.kind) {
    case 'reversed':
      return returned(story, attempt);
    case 'not_reversible': {
      const known = await answerOf(inquirePayment(reference(attempt)));
      return isReversed(known) ? returned(story, attempt) : needsPerson(story, attempt, answer);
    }
    case 'too_late':
    case 'bank_refused':
    case 'rejected':
      return needsPerson(story, attempt, answer);
    default:
      return waits(story, attempt, answer);
  }
}

async function returned(story: Story, { id }: AttemptState): Promise<void> {
  story.follow(await steps.recordReturned({ orderId: story.input.orderId, attemptId: id }));
  story.looks.endClearly(id);
  story.attention.resolve(id);
}

/** The gateway cannot give it back this way any more: a refund or a bank transfer is a person's to make. */
async function needsPerson(
  story: Story,
  attempt: AttemptState,
  { code, message }: { code: string; message: string },
): Promise<void> {
  const { orderId, timing } = story.input;
  story.follow(await steps.abandonReturn({ orderId, attemptId: attempt.id, failureCode: code }));
  story.looks.endUnclearly(attempt.id, Date.now(), timing.watchLateMs);
  await story.attention.needFor(attempt.id, {
    what: `${attempt.gateway} does not reverse ${attempt.amount} rial that are owed to the buyer: ${message}`,
    code,
    resolvedBy: 'Refund them in the gateway’s panel, then send `decide` with `returned_by_hand`.',
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

function isReversed(answer: { kind: string; status?: string }): boolean {
  return answer.kind === 'status' && answer.status === 'reversed';
}
