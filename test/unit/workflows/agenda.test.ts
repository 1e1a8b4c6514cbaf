import { beforeEach, describe, expect, test } from 'vitest';

import type { AttemptState } from '../../../entities/orders/order-state';
import { ORDER_TRANSITIONS, type OrderStatus } from '../../../entities/orders/order-status';
import { ATTEMPT_TRANSITIONS, type AttemptStatus } from '../../../entities/payments/attempt-status';
import { nextTask } from '../../../workflows/checkout/agenda';
import { pollsOfAttempts } from '../../../workflows/checkout/checkout-run';
import type { Polls } from '../../../workflows/shared/polls';
import { buildAttempt, buildOrder, PLACED_AT, TIMING } from './builders';

let polls: Polls<AttemptState>;
beforeEach(() => {
  polls = pollsOfAttempts(TIMING);
});

const DEADLINE = PLACED_AT + 1_100;
const WATCHED_UNTIL = PLACED_AT + TIMING.payableMs + TIMING.watchLateMs;

/** What comes next, and when, in milliseconds after the placing. */
function next(order: ReturnType<typeof buildOrder>): string | undefined {
  const task = nextTask(order, polls, TIMING);
  if (!task) return undefined;
  const subject = 'attempt' in task ? ` ${task.attempt.id}` : '';
  return `${task.kind}${subject} at ${task.at === 0 ? 'once' : task.at - PLACED_AT}`;
}

function pollAt(attemptId: string, at: number): void {
  polls.begin(attemptId, at);
  polls.endClearly(attemptId);
}

const ORDERS = Object.keys(ORDER_TRANSITIONS) as OrderStatus[];
const ATTEMPTS = Object.keys(ATTEMPT_TRANSITIONS) as AttemptStatus[];

describe('every state of an order with one attempt', () => {
  const EXPECTED: Record<OrderStatus, Record<AttemptStatus, string | undefined>> = {
    awaiting_payment: {
      requesting: 'close lost first at once',
      open: 'capture first at 300',
      verifying: 'capture first at 20',
      settled: 'expire at 1100',
      surplus: 'refund first at 20',
      refused: 'inquire first at 300',
      closed: 'expire at 1100',
    },
    placed: {
      requesting: 'close lost first at once',
      open: 'inquire first at 300',
      verifying: 'capture first at 20',
      settled: undefined,
      surplus: 'refund first at 20',
      refused: 'inquire first at 300',
      closed: undefined,
    },
    expired: {
      requesting: 'close lost first at once',
      open: 'inquire first at 300',
      verifying: 'capture first at 20',
      settled: undefined,
      surplus: 'refund first at 20',
      refused: 'inquire first at 300',
      closed: undefined,
    },
    cancelled: {
      requesting: 'close lost first at once',
      open: 'inquire first at 300',
      verifying: 'capture first at 20',
      settled: undefined,
      surplus: 'refund first at 20',
      refused: 'inquire first at 300',
      closed: undefined,
    },
  };

  test.each(ORDERS.flatMap((order) => ATTEMPTS.map((attempt) => [order, attempt] as const)))(
    '%s with an attempt that is %s has one thing to do next, or nothing',
    (status, attemptStatus) => {
      const attempt = buildAttempt({ status: attemptStatus, lastCaptureAt: PLACED_AT });

      expect(next(buildOrder({ status, attempts: [attempt] }))).toBe(EXPECTED[status][attemptStatus]);
    },
  );
});

describe('an order that awaits payment', () => {
  test('is polled at intervals, and last at its deadline', () => {
    const order = buildOrder();
    const plan = [0, 300, 600, 900].map((at) => {
      pollAt('first', PLACED_AT + at);
      return next(order);
    });

    expect(plan).toEqual([
      'capture first at 300',
      'capture first at 600',
      'capture first at 900',
      'capture first at 1100',
    ]);
  });

  test('expires once it was polled after its deadline', () => {
    pollAt('first', DEADLINE);

    expect(next(buildOrder())).toBe('expire at 1100');
  });

  test('does not expire on a poll that began before the deadline', () => {
    pollAt('first', DEADLINE - 1);

    expect(next(buildOrder())).toBe('capture first at 1119');
  });

  test('does not expire while one of its open attempts was not polled', () => {
    pollAt('first', DEADLINE + 5);
    const attempts = [buildAttempt(), buildAttempt({ id: 'second', payableUntil: DEADLINE + 900 })];

    expect(next(buildOrder({ attempts }))).toBe('capture second at 1100');
  });

  test('does not expire while an attempt verifies, however late it is', () => {
    const attempts = [buildAttempt({ status: 'verifying', lastCaptureAt: DEADLINE })];

    expect(next(buildOrder({ attempts }))).toBe('capture first at 1120');
  });

  test('lets its other attempts wait while one verifies, callbacks and all', () => {
    polls.request('second');
    const attempts = [
      buildAttempt({ status: 'verifying', lastCaptureAt: PLACED_AT + 500 }),
      buildAttempt({ id: 'second', hasCallback: true }),
    ];

    expect(next(buildOrder({ attempts }))).toBe('capture first at 520');
  });

  test('is polled as soon as a buyer comes back, at the distance that the gateway asks for', () => {
    pollAt('first', PLACED_AT + 100);
    polls.request('first');

    expect(next(buildOrder())).toBe('capture first at 120');
  });

  test('is polled for a callback that only the rows know', () => {
    pollAt('first', PLACED_AT + 100);

    expect(next(buildOrder({ attempts: [buildAttempt({ hasCallback: true })] }))).toBe(
      'capture first at 120',
    );
  });

  test('expires at its deadline when no attempt was ever opened', () => {
    const attempts = [buildAttempt({ status: 'closed', authority: null })];

    expect(next(buildOrder({ attempts }))).toBe('expire at 1100');
  });

  test('first closes an attempt that may or may not have been opened', () => {
    polls.request('first');
    const attempts = [buildAttempt(), buildAttempt({ id: 'second', status: 'requesting', authority: null })];

    expect(next(buildOrder({ attempts }))).toBe('close lost second at once');
  });
});

describe('an attempt that should no longer be paid', () => {
  const expired = (attempt = buildAttempt()) => buildOrder({ status: 'expired', attempts: [attempt] });

  test('is inquired about at intervals until its watch is over', () => {
    const plan = [DEADLINE, WATCHED_UNTIL - 301, WATCHED_UNTIL - 299].map((at) => {
      pollAt('first', at);
      return next(expired());
    });

    expect(plan).toEqual(['inquire first at 1400', 'inquire first at 2999', 'inquire first at 3000']);
  });

  test('is closed once it was inquired about after the end of the watch', () => {
    pollAt('first', WATCHED_UNTIL);

    expect(next(expired())).toBe('close watched first at once');
    expect(next(expired(buildAttempt({ status: 'refused' })))).toBe('close watched first at once');
  });

  test('is inquired about as soon as a buyer comes back', () => {
    pollAt('first', DEADLINE);
    polls.request('first');

    expect(next(expired())).toBe('inquire first at 1120');
  });

  test('is watched beside an order that another attempt paid', () => {
    const attempts = [
      buildAttempt({ status: 'settled' }),
      buildAttempt({ id: 'second', status: 'refused', lastCaptureAt: null }),
    ];

    expect(next(buildOrder({ status: 'placed', paymentStatus: 'paid', attempts }))).toBe(
      'inquire second at 300',
    );
  });
});

describe('money that no order wants', () => {
  const surplus = (refunded: number) =>
    buildOrder({ status: 'cancelled', attempts: [buildAttempt({ status: 'surplus', refunded })] });

  test('goes back at once', () => {
    expect(next(surplus(0))).toBe(`refund first at ${TIMING.verifySpacingMs - PLACED_AT}`);
  });

  test('goes back again only after a pause', () => {
    polls.begin('first', PLACED_AT + 400);
    polls.endUnclearly('first', PLACED_AT + 450, 1_000);

    expect(next(surplus(0))).toBe('refund first at 1450');
  });

  test('ends the workflow when it is back', () => {
    expect(next(surplus(250_000))).toBeUndefined();
  });
});

test('the earliest of several tasks comes first, and of equals the one of the older attempt', () => {
  const attempts = [
    buildAttempt({ id: 'old' }),
    buildAttempt({ id: 'young', payableUntil: PLACED_AT + TIMING.payableMs }),
    buildAttempt({ id: 'late', payableUntil: PLACED_AT + 5_000 }),
  ];

  expect(next(buildOrder({ attempts }))).toBe('capture old at 300');
});
