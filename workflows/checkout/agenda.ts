import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { Polls } from '../shared/polls';
import type { DueTask } from '../shared/work-until-done';
import type { CheckoutTiming } from './checkout.contract';

interface Expiry extends DueTask {
  readonly kind: 'expire';
}

/** Only Temporal knows the order: until a person says more, nothing is done about it. */
interface Loss extends DueTask {
  readonly kind: 'find the order';
}

interface AttemptTask extends DueTask {
  readonly kind: 'close lost' | 'capture' | 'inquire' | 'close watched' | 'refund';
  readonly attempt: AttemptState;
}

/** Something to do for an attempt, or for the order, and when. */
export type Task = Expiry | Loss | AttemptTask;

/** What a workflow does whose order Postgres does not know: it waits for a message. */
export const WAIT_FOR_ORDER: Task = { at: Infinity, kind: 'find the order' };

/**
 * What comes next, by what the rows say; undefined when nothing is left to do. It is asked again after everything that
 * happens, so nothing has to be kept in step with the rows.
 */
export function nextTask(
  order: OrderState,
  polls: Polls<AttemptState>,
  timing: CheckoutTiming,
): Task | undefined {
  const tasks: Task[] = order.attempts.flatMap((attempt) => taskOf(attempt, order, polls, timing));
  const expiry = expiryOf(order, polls);
  if (expiry) tasks.push(expiry);
  return tasks.reduce<Task | undefined>(
    (first, task) => (first && first.at <= task.at ? first : task),
    undefined,
  );
}

function taskOf(
  attempt: AttemptState,
  order: OrderState,
  polls: Polls<AttemptState>,
  timing: CheckoutTiming,
): AttemptTask[] {
  switch (attempt.status) {
    case 'requesting':
      return [{ at: 0, kind: 'close lost', attempt }];
    case 'verifying':
      return [{ at: polls.earliest(attempt), kind: 'capture', attempt }];
    case 'open':
      return order.status === 'awaiting_payment'
        ? payableTask(attempt, order, polls, timing)
        : [watchTask(attempt, polls, timing)];
    case 'refused':
      return [watchTask(attempt, polls, timing)];
    case 'surplus':
      return attempt.refunded < attempt.amount
        ? [{ at: polls.earliest(attempt), kind: 'refund', attempt }]
        : [];
    default:
      return [];
  }
}

/** An open attempt of an order that awaits payment: polled after a callback, at intervals, and at the deadline. */
function payableTask(
  attempt: AttemptState,
  order: OrderState,
  polls: Polls<AttemptState>,
  timing: CheckoutTiming,
): AttemptTask[] {
  if (isVerifying(order)) return [];
  const last = polls.lastClearAt(attempt);
  if (!polls.isRequested(attempt) && last >= order.paymentDeadline) return [];
  const due = polls.isRequested(attempt) ? 0 : Math.min(last + timing.pollEveryMs, order.paymentDeadline);
  return [{ at: Math.max(due, polls.earliest(attempt)), kind: 'capture', attempt }];
}

/** An attempt that should no longer be paid: watched for late money, by asking without taking. */
function watchTask(attempt: AttemptState, polls: Polls<AttemptState>, timing: CheckoutTiming): AttemptTask {
  const watchedUntil = attempt.payableUntil + timing.watchLateMs;
  const last = polls.lastClearAt(attempt);
  if (last >= watchedUntil) return { at: 0, kind: 'close watched', attempt };
  const due = polls.isRequested(attempt) ? 0 : Math.min(last + timing.pollEveryMs, watchedUntil);
  return { at: Math.max(due, polls.earliest(attempt)), kind: 'inquire', attempt };
}

/** An order expires at its deadline, once each open attempt was polled after it and none is verifying. */
function expiryOf(order: OrderState, polls: Polls<AttemptState>): Expiry | undefined {
  if (order.status !== 'awaiting_payment' || isVerifying(order)) return undefined;
  const isUnasked = order.attempts.some(
    (attempt) =>
      attempt.status === 'requesting' ||
      (attempt.status === 'open' && polls.lastClearAt(attempt) < order.paymentDeadline),
  );
  return isUnasked ? undefined : { at: order.paymentDeadline, kind: 'expire' };
}

function isVerifying(order: OrderState): boolean {
  return order.attempts.some((attempt) => attempt.status === 'verifying');
}
