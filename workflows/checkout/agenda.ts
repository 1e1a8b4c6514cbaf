import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { CheckoutTiming } from './checkout.contract';
import type { Looks } from './looks';

/** Something a story has to do with an attempt, or with the order, and when. */
export type Task =
  | { readonly at: number; readonly kind: 'expire' }
  | {
      readonly at: number;
      readonly kind: 'close lost' | 'capture' | 'inquire' | 'close watched' | 'give back';
      readonly attempt: AttemptState;
    };

/**
 * What comes next, by what the rows say; undefined when the story is over. It is asked anew after everything that
 * happens, so nothing has to be kept in step with the rows.
 */
export function nextTask(order: OrderState, looks: Looks, timing: CheckoutTiming): Task | undefined {
  const tasks = order.attempts.flatMap((attempt) => taskOf(attempt, order, looks, timing));
  const expiry = expiryOf(order, looks);
  if (expiry) tasks.push(expiry);
  return tasks.reduce<Task | undefined>(
    (first, task) => (first && first.at <= task.at ? first : task),
    undefined,
  );
}

function taskOf(attempt: AttemptState, order: OrderState, looks: Looks, timing: CheckoutTiming): Task[] {
  switch (attempt.status) {
    case 'requesting':
      return [{ at: 0, kind: 'close lost', attempt }];
    case 'verifying':
      return [{ at: looks.earliest(attempt), kind: 'capture', attempt }];
    case 'open':
      return order.status === 'awaiting_payment'
        ? payableTask(attempt, order, looks, timing)
        : [watchTask(attempt, looks, timing)];
    case 'refused':
      return [watchTask(attempt, looks, timing)];
    case 'surplus':
      return attempt.returned < attempt.amount
        ? [{ at: looks.earliest(attempt), kind: 'give back', attempt }]
        : [];
    default:
      return [];
  }
}

/** An open attempt of an order that awaits payment: looked at when somebody returns, now and then, and at the deadline. */
function payableTask(attempt: AttemptState, order: OrderState, looks: Looks, timing: CheckoutTiming): Task[] {
  if (isVerifying(order)) return [];
  const last = looks.lastClearAt(attempt);
  const wished = looks.isWanted(attempt)
    ? 0
    : last < order.paymentDeadline
      ? Math.min(last + timing.pollEveryMs, order.paymentDeadline)
      : undefined;
  return wished === undefined
    ? []
    : [{ at: Math.max(wished, looks.earliest(attempt)), kind: 'capture', attempt }];
}

/** An attempt that should not be paid any more: watched for late money, by asking without taking. */
function watchTask(attempt: AttemptState, looks: Looks, timing: CheckoutTiming): Task {
  const watchedUntil = attempt.payableUntil + timing.watchLateMs;
  const last = looks.lastClearAt(attempt);
  if (last >= watchedUntil) return { at: 0, kind: 'close watched', attempt };
  const wished = looks.isWanted(attempt) ? 0 : Math.min(last + timing.pollEveryMs, watchedUntil);
  return { at: Math.max(wished, looks.earliest(attempt)), kind: 'inquire', attempt };
}

/** An order expires at its deadline, when each open attempt was looked at after it and none verifies. */
function expiryOf(order: OrderState, looks: Looks): Task | undefined {
  if (order.status !== 'awaiting_payment' || isVerifying(order)) return undefined;
  const unasked = order.attempts.some(
    (attempt) =>
      attempt.status === 'requesting' ||
      (attempt.status === 'open' && looks.lastClearAt(attempt) < order.paymentDeadline),
  );
  return unasked ? undefined : { at: order.paymentDeadline, kind: 'expire' };
}

function isVerifying(order: OrderState): boolean {
  return order.attempts.some((attempt) => attempt.status === 'verifying');
}
