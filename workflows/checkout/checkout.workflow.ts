import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  currentUpdateInfo,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import { refusalFailure, refusalIn, type Refusal } from '../shared/refusal';
import { nextTask, type Task } from './agenda';
import {
  cancelOrder,
  decide,
  openPayment,
  paymentReturned,
  place,
  retry,
  wake,
  type CheckoutAnswer,
  type CheckoutInput,
  type CheckoutResult,
  type Decision,
} from './checkout.contract';
import { giveBack } from './give-back';
import { Inbox, type Request } from './inbox';
import {
  attemptsIn,
  decideForm,
  LONGEST_CAUSE,
  openPaymentForm,
  paymentReturnedForm,
  placeForm,
} from './message-forms';
import { openAnother, openPaymentPage, replaceLost } from './open-payment-page';
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
  const inbox = new Inbox();
  const opening: Opening = {};
  receiveMessages(story, inbox, opening);

  return CancellationScope.nonCancellable(async () => {
    opening.refusal = await begin(story);
    opening.isDone = true;
    if (opening.refusal) {
      inbox.refuseAll(opening.refusal);
      await condition(allHandlersFinished);
    } else {
      await live(story, inbox);
    }
    return resultOf(story, opening);
  });
}

/** How the beginning went, for whoever asked for the order. */
interface Opening {
  isDone?: boolean;
  refusal?: Refusal;
}

/** Handlers keep what came and wait; a reset runs them again before the first step, so they judge by nothing. */
function receiveMessages(story: Story, inbox: Inbox, opening: Opening): void {
  const answerWhen = (isTime: () => boolean): Promise<CheckoutAnswer> =>
    CancellationScope.nonCancellable(async () => {
      await condition(() => opening.isDone === true && (opening.refusal !== undefined || isTime()));
      if (opening.refusal) throw refusalFailure(opening.refusal);
      return { order: story.order };
    });
  const ask = (request: Request) => CancellationScope.nonCancellable(() => inbox.ask(request));

  setHandler(place, async ({ askedBy }) => ({ ...(await answerWhen(() => true)), askedBy }), {
    validator: placeForm,
  });
  setHandler(
    paymentReturned,
    async ({ attemptId }) => {
      const look = story.looks.want(attemptId);
      const isAnswered = () => story.isFinal(attemptId) || story.looks.hasEnded(attemptId, look);
      return answerWhen(() => isAnswered() || story.isUnclear(attemptId) || mustGoOnInNewRun());
    },
    { validator: paymentReturnedForm },
  );
  setHandler(openPayment, ({ cause, gateway }) => ask({ kind: 'open', cause, gateway }), {
    validator: openPaymentForm,
  });
  setHandler(cancelOrder, () => ask({ kind: 'cancel' }));
  setHandler(retry, () => ask({ kind: 'retry', cause: causeOf(currentUpdateInfo()!.id) }));
  setHandler(decide, (decision) => ask({ kind: 'decide', ...decision }), { validator: decideForm });
  setHandler(wake, (woken) => {
    for (const attemptId of attemptsIn(woken)) story.looks.want(attemptId);
    inbox.note({ kind: 'refresh' });
  });
  CancellationScope.current().cancelRequested.catch(() => inbox.note({ kind: 'cancel' }));
}

/** A new run begins when no message waits: one that waits for another attempt's end must not hold it up. */
function mustGoOnInNewRun(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/** What an operator's update makes an attempt for. Its id may be of any length, a step key may not. */
function causeOf(updateId: string): string {
  return `retry:${updateId}`.slice(0, LONGEST_CAUSE);
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
  story.attention.forgetEarlierRuns();
  return undefined;
}

/** Does what is due and what is asked, one thing at a time, until nothing is left to wait for. */
async function live(story: Story, inbox: Inbox): Promise<void> {
  for (;;) {
    story.publish();
    const task = nextTask(story.order, story.looks, story.input.timing);
    if (!inbox.isEmpty) await inbox.serveNext((request) => serve(story, request));
    else if (!task && allHandlersFinished()) return;
    else if (mustGoOnInNewRun() && allHandlersFinished()) await goOnInNewRun(story);
    else if (!task) await condition(() => !inbox.isEmpty || allHandlersFinished());
    else if (task.at <= Date.now()) await perform(story, task);
    else await waitFor(story, inbox, task);
  }
}

/** A long history makes every step slower: the story goes on in a new one, from the rows. */
async function goOnInNewRun({ input }: Story): Promise<never> {
  return continueAsNew<typeof checkout>({ ...input, request: undefined });
}

async function waitFor(story: Story, inbox: Inbox, task: Task): Promise<void> {
  const wishes = story.looks.wishes;
  const isStirred = () => !inbox.isEmpty || story.looks.wishes !== wishes;
  if (task.at === Infinity) await condition(isStirred);
  else await condition(isStirred, task.at - Date.now(), { summary: `until it is time to ${task.kind}` });
}

/** What the tables refuse they know better (a step that hung may have committed late): they are read again. */
async function perform(story: Story, task: Task): Promise<void> {
  try {
    await attend(story, task);
  } catch (error) {
    if (!refusalIn(error)) throw error;
    await story.refresh();
  }
}

async function attend(story: Story, task: Task): Promise<void> {
  const { orderId } = story.input;
  switch (task.kind) {
    case 'capture':
      return takePayment(story, task.attempt);
    case 'inquire':
      return watchPayment(story, task.attempt);
    case 'give back':
      return giveBack(story, task.attempt);
    case 'close lost':
      story.follow(
        await steps.closeAttempt({ orderId, attemptId: task.attempt.id, failureCode: 'no_answer' }),
      );
      return;
    case 'close watched':
      story.follow(await steps.closeAttempt({ orderId, attemptId: task.attempt.id }));
      return;
    case 'expire':
      await close(story, 'expired');
  }
}

/** The undo of placing: it takes the key of its do, so a placing that arrives late does nothing. */
async function close(story: Story, as: 'expired' | 'cancelled'): Promise<void> {
  const closed = await steps.closeOrder({ orderId: story.input.orderId, placeKey: story.key('place'), as });
  if (closed) story.follow(closed);
}

async function serve(story: Story, request: Request): Promise<CheckoutAnswer | Refusal> {
  try {
    const isNew = await grant(story, request);
    return { order: story.order, isNew };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await story.refresh();
    return refusal;
  }
}

/** @returns whether the request made something that was not there before */
async function grant(story: Story, request: Request): Promise<boolean> {
  switch (request.kind) {
    case 'open':
      return openAnother(story, request.cause, request.gateway);
    case 'cancel':
      await close(story, 'cancelled');
      break;
    case 'retry':
      await tryAgain(story, request.cause);
      break;
    case 'decide':
      log.info('an operator decided about an attempt', { ...request });
      await carryOut(story, request.attemptId, request.decision);
      break;
    case 'refresh':
      await story.refresh();
  }
  return false;
}

/** A person says what no gateway could: that nothing was paid, or that the money is back. What it does not fit stays. */
async function carryOut(story: Story, attemptId: string, decision: Decision): Promise<void> {
  const { orderId } = story.input;
  const decided = story.attempt(attemptId);
  // Not the tables' to find out: they would not even read an id that is none.
  if (!decided) throw refusalFailure({ code: 'payment.not_found', details: { attemptId } });
  if (decided.status === 'refused') {
    story.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else if (decision === 'not_paid') {
    const belongsToAnother = story.attention.codeOf(attemptId) === 'payment.reference_taken';
    story.follow(await steps.refuseAttempt({ orderId, attemptId, reason: 'decided_by_staff' }));
    // Watched further, the other payment's money would look like a surplus of this one and be returned.
    if (belongsToAnother) story.follow(await steps.closeAttempt({ orderId, attemptId }));
  } else {
    story.follow(await steps.recordReturned({ orderId, attemptId }));
  }
  const attempt = story.attempt(attemptId);
  const isOwed = attempt?.status === 'surplus' && attempt.returned < attempt.amount;
  if (story.isFinal(attemptId) && !isOwed) story.attention.resolve(attemptId);
}

/** Whatever waits is tried at once; an order that nobody can pay gets a payment page. */
async function tryAgain(story: Story, cause: string): Promise<void> {
  story.looks.hurry();
  await story.refresh();
  const { status, attempts } = story.order;
  const last = attempts.at(-1);
  if (status === 'awaiting_payment' && last && attempts.every((attempt) => attempt.status === 'closed')) {
    await openAnother(story, cause, last.gateway);
  }
}

function resultOf(story: Story, opening: Opening): CheckoutResult {
  if (opening.refusal) return opening.refusal.code === 'order.not_found' ? 'Unknown' : 'Refused';
  return story.statusName === 'AwaitingPayment' ? 'Unknown' : story.statusName;
}
