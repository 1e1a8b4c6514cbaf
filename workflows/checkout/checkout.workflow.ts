import { allHandlersFinished, CancellationScope, condition, continueAsNew } from '@temporalio/workflow';

import { pollOnce } from '../shared/polls';
import { refusalIn, type Refusal } from '../shared/refusal.contract';
import { workUntilDone } from '../shared/work-until-done';
import { nextTask, WAIT_FOR_ORDER, type Task } from './agenda';
import { CheckoutRun, steps } from './checkout-run';
import type { CheckoutInput, CheckoutResult, OrderRequest } from './checkout.contract';
import { receiveMessages, serve } from './messages';
import { openPaymentPage, replaceLost } from './open-payment-page';
import { statusNameOf } from './operator-view';
import { refundSurplus } from './refund-surplus';
import { takePayment, watchPayment } from './take-payment';

/**
 * An order from the buyer's request to its end: placed and paid, expired or cancelled, and every captured amount either pays
 * for the order or is refunded. The rows say where the order stands. The workflow decides what happens next, and waits.
 *
 * Nothing interrupts it: a cancellation, by the buyer or in the Temporal UI, is one more message that the tables judge.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const run = new CheckoutRun(input);
  receiveMessages(run);

  return CancellationScope.nonCancellable(async () => {
    const refusal = input.request ? await place(run, input.request) : await resume(run);
    if (refusal) return refuse(run, refusal);
    await workUntilDone({
      mailbox: run.mailbox,
      nextTask: () => nextTaskOf(run),
      requestCount: () => run.polls.requestCount,
      serve: (request) => serve(run, request),
      perform: (task) => perform(run, task),
      continueAsNew: () => continueAsNew<typeof checkout>({ ...input, request: undefined }),
    });
    if (run.isLost) return 'Lost';
    const status = statusNameOf(run.order);
    return status === 'AwaitingPayment' ? 'Unknown' : status;
  });
}

/** Places the order and opens its first payment page. */
async function place(run: CheckoutRun, request: OrderRequest): Promise<Refusal | undefined> {
  const { orderId, timing } = run.input;
  const { payableMs, holdGraceMs } = timing;
  try {
    const placed = await steps.placeOrder({
      ...request,
      key: run.key('place'),
      orderId,
      payableMs,
      holdGraceMs,
    });
    run.follow(placed.order);
    run.publish();
    const first = placed.order.attempts.find(({ status }) => status === 'requesting');
    if (first) await (placed.fresh ? openPaymentPage(run, first) : replaceLost(run, first));
    return undefined;
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return { ...refusal, details: { ...refusal.details, requestDigest: request.requestDigest } };
  }
}

/** Goes on with an order that Postgres should know. One that it does not know waits for a person. */
async function resume(run: CheckoutRun): Promise<undefined> {
  await run.refresh();
  if (run.isLost) return;
  run.publish();
  run.attention.forgetEarlierRuns();
}

/** There is no order. Every caller hears why. */
async function refuse({ mailbox }: CheckoutRun, refusal: Refusal): Promise<CheckoutResult> {
  mailbox.refuseAll(refusal);
  await condition(allHandlersFinished);
  return 'Refused';
}

/** What is due first, by what the rows say; undefined when every attempt is settled, closed or refunded. */
function nextTaskOf(run: CheckoutRun): Task | undefined {
  if (run.isLost) return run.isGivenUp ? undefined : WAIT_FOR_ORDER;
  // After a reset, opening the first page may find the order paid already.
  if (run.order.status !== 'awaiting_payment') run.publish();
  return nextTask(run.order, run.polls, run.input.timing);
}

/** A refusal means that the rows know more than the workflow: a step that hung may have committed late. Reads them again. */
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

/** Not `async`, like other functions that only pass a promise on: the SDK takes a stack trace for each promise. */
function attend(run: CheckoutRun, task: Task): Promise<unknown> {
  const { orderId } = run.input;
  switch (task.kind) {
    // An open attempt, after a callback, at intervals and at the deadline; a verifying one until its answer is clear.
    case 'capture':
      return pollOnce(run, task.attempt, () => takePayment(run, task.attempt));
    // An attempt that should no longer be paid: money that comes late reopens the order, or is owed to the buyer.
    case 'inquire':
      return pollOnce(run, task.attempt, (poll) => watchPayment(run, task.attempt, poll));
    // Money that was taken and is not wanted.
    case 'refund':
      return pollOnce(run, task.attempt, (poll) => refundSurplus(run, task.attempt, poll));
    // An opening whose answer an earlier run lost.
    case 'close lost':
      return steps
        .closeAttempt({ orderId, attemptId: task.attempt.id, failureCode: 'no_answer' })
        .then((order) => run.follow(order));
    // The watch for late money is over.
    case 'close watched':
      return steps.closeAttempt({ orderId, attemptId: task.attempt.id }).then((order) => run.follow(order));
    // The deadline has passed, each open attempt was polled after it, and none is verifying.
    case 'expire':
      return run.close('expired');
    case 'find the order':
      return run.refresh();
  }
}
