import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { CheckoutTiming } from './checkout.contract';
import type { Polls } from './polls';

/** Something a workflow has to do with an attempt, or with the order, and when. */
export type Task =
  | { readonly at: number; readonly kind: 'expire' }
  | {
      readonly at: number;
      readonly kind: 'close lost' | 'capture' | 'inquire' | 'close watched' | 'give back';
      readonly attempt: AttemptState;
    };

/**
 * What comes next, by what the rows say; undefined when the workflow is over. It is asked anew after everything that
 * happens, so nothing has to be kept in step with the rows.
 */
export function nextTask(order: OrderState, polls: Polls, timing: CheckoutTiming): Task | undefined {
  const tasks = order.attempts.flatMap((attempt) => taskOf(attempt, order, polls, timing));
  const expiry = expiryOf(order, polls);
  if (expiry) tasks.push(expiry);
  return tasks.reduce<Task | undefined>(
    (first, task) => (first && first.at <= task.at ? first : task),
    undefined,
  );
}

function taskOf(attempt: AttemptState, order: OrderState, polls: Polls, timing: CheckoutTiming): Task[] {
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
        ? [{ at: polls.earliest(attempt), kind: 'give back', attempt }]
        : [];
    default:
      return [];
  }
}

/** An open attempt of an order that awaits payment: polled when somebody returns, now and then, and at the deadline. */
function payableTask(attempt: AttemptState, order: OrderState, polls: Polls, timing: CheckoutTiming): Task[] {
  if (isVerifying(order)) return [];
  const last = polls.lastClearAt(attempt);
  const requested = polls.isWanted(attempt)
    ? 0
    : last < order.paymentDeadline
      ? Math.min(last + timing.pollEveryMs, order.paymentDeadline)
      : undefined;
  return requested === undefined
    ? []
    : [{ at: Math.max(requested, polls.earliest(attempt)), kind: 'capture', attempt }];
}

/** An attempt that should not be paid any more: watched for late money, by asking without taking. */
function watchTask(attempt: AttemptState, polls: Polls, timing: CheckoutTiming): Task {
  const watchedUntil = attempt.payableUntil + timing.watchLateMs;
  const last = polls.lastClearAt(attempt);
  if (last >= watchedUntil) return { at: 0, kind: 'close watched', attempt };
  const requested = polls.isWanted(attempt) ? 0 : Math.min(last + timing.pollEveryMs, watchedUntil);
  return { at: Math.max(requested, polls.earliest(attempt)), kind: 'inquire', attempt };
}

/** An order expires at its deadline, when each open attempt was polled after it and none verifies. */
function expiryOf(order: OrderState, polls: Polls): Task | undefined {
  if (order.status !== 'awaiting_payment' || isVerifying(order)) return undefined;
  const unasked = order.attempts.some(
    (attempt) =>
      attempt.status === 'requesting' ||
      (attempt.status === 'open' && polls.lastClearAt(attempt) < order.paymentDeadline),
  );
  return unasked ? undefined : { at: order.paymentDeadline, kind: 'expire' };
}

function isVerifying(order: OrderState): boolean {
  return order.attempts.some((attempt) => attempt.status === 'verifying');
}
