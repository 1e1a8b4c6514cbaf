import { allHandlersFinished, CancellationScope, condition, continueAsNew } from '@temporalio/workflow';

import { refusalIn, type Refusal } from '../shared/refusal';
import { nextTask, type Task } from './agenda';
import { steps, CheckoutRun } from './checkout-run';
import type { CheckoutInput, CheckoutResult } from './checkout.contract';
import { closeOrder } from './close-order';
import { mustGoOnInNewRun, receiveMessages } from './messages';
import { openPaymentPage, replaceLost } from './open-payment-page';
import { giveBack } from './refund-surplus';
import { serve } from './serve-request';
import { takePayment, watchPayment } from './take-payment';

/**
 * An order from the buyer's request to its end: placed and paid, expired or cancelled, with every rial that was taken either
 * paying for it or refunded. The rows say where the order stands; this says what happens next, and waits in between.
 *
 * Nothing cancels it half-way: a cancellation, by the buyer or in the Temporal UI, is one more message that the tables
 * judge.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const run = new CheckoutRun(input);
  receiveMessages(run);

  return CancellationScope.nonCancellable(async () => {
    const refusal = await begin(run);
    if (refusal) return refuse(run, refusal);
    await live(run);
    return run.statusName === 'AwaitingPayment' ? 'Unknown' : run.statusName;
  });
}

/** Places the order and opens its first payment page, or takes up an order that Postgres knows. */
async function begin(run: CheckoutRun): Promise<Refusal | undefined> {
  const { orderId, request, timing } = run.input;
  if (!request) return resume(run);
  try {
    const placed = await steps.placeOrder({
      ...request,
      key: run.key('place'),
      orderId,
      payableMs: timing.payableMs,
      holdGraceMs: timing.holdGraceMs,
    });
    run.follow(placed.order);
    run.publish();
    const first = placed.order.attempts.find((attempt) => attempt.status === 'requesting');
    if (first) await (placed.fresh ? openPaymentPage(run, first) : replaceLost(run, first));
    return undefined;
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return { ...refusal, details: { ...refusal.details, requestDigest: request.requestDigest } };
  }
}

async function resume(run: CheckoutRun): Promise<Refusal | undefined> {
  const order = await steps.readOrder({ orderId: run.input.orderId });
  if (!order) return { code: 'order.not_found', details: {} };
  run.follow(order);
  run.publish();
  run.attention.forgetEarlierRuns();
  return undefined;
}

/** There is no order to live for: whoever asked for one, or for something of it, hears why. */
async function refuse({ mailbox }: CheckoutRun, refusal: Refusal): Promise<CheckoutResult> {
  mailbox.refuseAll(refusal);
  await condition(allHandlersFinished);
  return refusal.code === 'order.not_found' ? 'Unknown' : 'Refused';
}

/** Does what is due and what is asked, one thing at a time, until nothing is left to wait for. */
async function live(run: CheckoutRun): Promise<void> {
  const { mailbox } = run;
  mailbox.begin();
  for (;;) {
    mailbox.answerReady();
    // After a reset the opening may find the order paid already.
    if (run.order.status !== 'awaiting_payment') run.publish();
    const task = nextTask(run.order, run.polls, run.input.timing);
    if (!mailbox.isEmpty) await mailbox.serveNext((request) => serve(run, request));
    else if (!task && allHandlersFinished()) return;
    else if (mustGoOnInNewRun() && allHandlersFinished()) await goOnInNewRun(run);
    else if (!task) await condition(() => !mailbox.isEmpty || allHandlersFinished());
    else if (task.at <= Date.now()) await perform(run, task);
    else await waitFor(run, task);
  }
}

/** A long history makes every step slower: the workflow goes on in a new one, from the rows. */
async function goOnInNewRun({ input }: CheckoutRun): Promise<never> {
  return continueAsNew<typeof checkout>({ ...input, request: undefined });
}

function waitFor({ mailbox, polls }: CheckoutRun, task: Task): Promise<unknown> {
  const { requests } = polls;
  const isStirred = () => !mailbox.isEmpty || polls.requests !== requests;
  if (task.at === Infinity) return condition(isStirred);
  return condition(isStirred, task.at - Date.now(), { summary: `until it is time to ${task.kind}` });
}

/** What the tables refuse they know better (a step that hung may have committed late): they are read again. */
async function perform(run: CheckoutRun, task: Task): Promise<void> {
  try {
    await attend(run, task);
  } catch (error) {
    if (!refusalIn(error)) throw error;
    await run.refresh();
  } finally {
    run.publish();
  }
}

/** Not `async`, like what else only passes a promise on: the SDK takes a stack trace for each promise of a workflow. */
function attend(run: CheckoutRun, task: Task): Promise<unknown> {
  const { orderId } = run.input;
  switch (task.kind) {
    case 'capture':
      return takePayment(run, task.attempt);
    case 'inquire':
      return watchPayment(run, task.attempt);
    case 'give back':
      return giveBack(run, task.attempt);
    case 'close lost':
      return steps
        .closeAttempt({ orderId, attemptId: task.attempt.id, failureCode: 'no_answer' })
        .then((order) => run.follow(order));
    case 'close watched':
      return steps.closeAttempt({ orderId, attemptId: task.attempt.id }).then((order) => run.follow(order));
    case 'expire':
      return closeOrder(run, 'expired');
  }
}
