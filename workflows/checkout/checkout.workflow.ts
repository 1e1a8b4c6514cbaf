import { allHandlersFinished, CancellationScope, condition, continueAsNew } from '@temporalio/workflow';

import { refusalIn, type Refusal } from '../shared/refusal';
import { nextTask, type Task } from './agenda';
import type { CheckoutInput, CheckoutResult } from './checkout.contract';
import { closeOrder } from './close-order';
import { giveBack } from './give-back';
import { mustGoOnInNewRun, receiveMessages } from './messages';
import { openPaymentPage, replaceLost } from './open-payment-page';
import { serve } from './serve-request';
import { steps, Story } from './story';
import { takePayment, watchPayment } from './take-payment';

/**
 * An order from the buyer's wish to its end: placed and paid, expired or cancelled, with every rial that was taken either
 * paying for it or returned. The rows say where the order stands; this says what happens next, and waits in between.
 *
 * Nothing cancels it half-way: a cancellation, by the buyer or in the Temporal UI, is one more message that the tables
 * judge.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const story = new Story(input);
  receiveMessages(story);

  return CancellationScope.nonCancellable(async () => {
    const refusal = await begin(story);
    if (refusal) return refuse(story, refusal);
    await live(story);
    return story.statusName === 'AwaitingPayment' ? 'Unknown' : story.statusName;
  });
}

/** Places the order and opens its first payment page, or takes up an order that Postgres knows. */
async function begin(story: Story): Promise<Refusal | undefined> {
  const { orderId, request, timing } = story.input;
  if (!request) return resume(story);
  try {
    const placed = await steps.placeOrder({
      ...request,
      key: story.key('place'),
      orderId,
      payableMs: timing.payableMs,
      holdGraceMs: timing.holdGraceMs,
    });
    story.follow(placed.order);
    story.publish();
    const first = placed.order.attempts.find((attempt) => attempt.status === 'requesting');
    if (first) await (placed.fresh ? openPaymentPage(story, first) : replaceLost(story, first));
    return undefined;
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return { ...refusal, details: { ...refusal.details, requestDigest: request.requestDigest } };
  }
}

async function resume(story: Story): Promise<Refusal | undefined> {
  const order = await steps.readOrder({ orderId: story.input.orderId });
  if (!order) return { code: 'order.not_found', details: {} };
  story.follow(order);
  story.publish();
  story.attention.forgetEarlierRuns();
  return undefined;
}

/** There is no order to live for: whoever asked for one, or for something of it, hears why. */
async function refuse({ inbox }: Story, refusal: Refusal): Promise<CheckoutResult> {
  inbox.refuseAll(refusal);
  await condition(allHandlersFinished);
  return refusal.code === 'order.not_found' ? 'Unknown' : 'Refused';
}

/** Does what is due and what is asked, one thing at a time, until nothing is left to wait for. */
async function live(story: Story): Promise<void> {
  const { inbox } = story;
  inbox.begin();
  for (;;) {
    inbox.lookUp();
    // After a reset the opening may find the order paid already.
    if (story.order.status !== 'awaiting_payment') story.publish();
    const task = nextTask(story.order, story.looks, story.input.timing);
    if (!inbox.isEmpty) await inbox.serveNext((request) => serve(story, request));
    else if (!task && allHandlersFinished()) return;
    else if (mustGoOnInNewRun() && allHandlersFinished()) await goOnInNewRun(story);
    else if (!task) await condition(() => !inbox.isEmpty || allHandlersFinished());
    else if (task.at <= Date.now()) await perform(story, task);
    else await waitFor(story, task);
  }
}

/** A long history makes every step slower: the story goes on in a new one, from the rows. */
async function goOnInNewRun({ input }: Story): Promise<never> {
  return continueAsNew<typeof checkout>({ ...input, request: undefined });
}

function waitFor({ inbox, looks }: Story, task: Task): Promise<unknown> {
  const { wishes } = looks;
  const isStirred = () => !inbox.isEmpty || looks.wishes !== wishes;
  if (task.at === Infinity) return condition(isStirred);
  return condition(isStirred, task.at - Date.now(), { summary: `until it is time to ${task.kind}` });
}

/** What the tables refuse they know better (a step that hung may have committed late): they are read again. */
async function perform(story: Story, task: Task): Promise<void> {
  try {
    await attend(story, task);
  } catch (error) {
    if (!refusalIn(error)) throw error;
    await story.refresh();
  } finally {
    story.publish();
  }
}

/** Not `async`, like what else only passes a promise on: the SDK takes a stack trace for each promise of a story. */
function attend(story: Story, task: Task): Promise<unknown> {
  const { orderId } = story.input;
  switch (task.kind) {
    case 'capture':
      return takePayment(story, task.attempt);
    case 'inquire':
      return watchPayment(story, task.attempt);
    case 'give back':
      return giveBack(story, task.attempt);
    case 'close lost':
      return steps
        .closeAttempt({ orderId, attemptId: task.attempt.id, failureCode: 'no_answer' })
        .then((order) => story.follow(order));
    case 'close watched':
      return steps.closeAttempt({ orderId, attemptId: task.attempt.id }).then((order) => story.follow(order));
    case 'expire':
      return closeOrder(story, 'expired');
  }
}
