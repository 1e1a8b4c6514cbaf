import { beforeEach, describe, expect, test } from 'vitest';

import type { AttemptState } from '../../../entities/orders/order-state';
import { pollsOfAttempts } from '../../../workflows/checkout/checkout-run';
import type { Polls } from '../../../workflows/shared/polls';
import { buildAttempt, PLACED_AT, TIMING } from './builders';

let polls: Polls<AttemptState>;
beforeEach(() => {
  polls = pollsOfAttempts(TIMING);
});

describe('a buyer who comes back', () => {
  test('waits for a poll that begins after they came', () => {
    polls.begin('first', PLACED_AT);
    const requested = polls.request('first');
    polls.endClearly('first');
    const endedByEarlierPoll = polls.hasEnded('first', requested);
    polls.begin('first', PLACED_AT + 1);
    polls.endClearly('first');

    expect(endedByEarlierPoll).toBe(false);
    expect(polls.hasEnded('first', requested)).toBe(true);
  });

  test('shares the next poll with the others who wait', () => {
    const [one, two] = [polls.request('first'), polls.request('first')];

    expect(one).toBe(two);
    expect(polls.requestCount).toBe(2);
  });

  test('is answered by an unclear poll too', () => {
    const requested = polls.request('first');
    polls.begin('first', PLACED_AT);
    polls.endUnclearly('first', PLACED_AT);

    expect(polls.hasEnded('first', requested)).toBe(true);
  });

  test('requests a poll of that attempt and of no other', () => {
    polls.request('first');

    expect(polls.isRequested(buildAttempt())).toBe(true);
    expect(polls.isRequested(buildAttempt({ id: 'second' }))).toBe(false);
  });

  test('requests nothing more once the poll has begun', () => {
    polls.request('first');
    polls.begin('first', PLACED_AT);

    expect(polls.isRequested(buildAttempt())).toBe(false);
  });

  test('is not forgotten with the run: a stored callback requests a poll as well', () => {
    expect(polls.isRequested(buildAttempt({ hasCallback: true }))).toBe(true);
  });
});

describe('the last clear poll', () => {
  test('counts from the opening when there was none', () => {
    expect(polls.lastClearAt(buildAttempt())).toBe(PLACED_AT);
  });

  test('is what the rows say when this run had none', () => {
    expect(polls.lastClearAt(buildAttempt({ lastCaptureAt: PLACED_AT + 400 }))).toBe(PLACED_AT + 400);
  });

  test('counts from when it began, not from when its answer came', () => {
    polls.begin('first', PLACED_AT + 500);
    polls.endClearly('first');

    expect(polls.lastClearAt(buildAttempt({ lastCaptureAt: PLACED_AT + 400 }))).toBe(PLACED_AT + 500);
  });

  test('is not moved by an unclear one', () => {
    polls.begin('first', PLACED_AT + 500);
    polls.endUnclearly('first', PLACED_AT + 510);

    expect(polls.lastClearAt(buildAttempt())).toBe(PLACED_AT);
  });
});

describe('the next poll', () => {
  test('does not wait longer than ten minutes, whatever pause the gateway names', () => {
    polls.begin('first', PLACED_AT);
    polls.endUnclearly('first', PLACED_AT, 999_999_000);

    expect(polls.earliest(buildAttempt())).toBe(PLACED_AT + 600_000);
  });

  test('keeps its distance from the last one of this run', () => {
    polls.begin('first', PLACED_AT + 500);
    polls.endClearly('first');

    expect(polls.earliest(buildAttempt())).toBe(PLACED_AT + 500 + TIMING.verifySpacingMs);
  });

  test('keeps its distance from the last capture of an earlier run', () => {
    const attempt = buildAttempt({ lastCaptureAt: PLACED_AT + 700 });

    expect(polls.earliest(attempt)).toBe(PLACED_AT + 700 + TIMING.verifySpacingMs);
  });

  test('comes after a pause that doubles to its limit while nothing is clear', () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((round) => {
      const now = PLACED_AT + round * 1_000;
      polls.begin('first', now - 100);
      polls.endUnclearly('first', now);
      return polls.earliest(buildAttempt()) - now;
    });

    expect(pauses).toEqual([10, 20, 40, 80, 80, 80]);
  });

  test('comes no earlier than the gateway asks for', () => {
    polls.endUnclearly('first', PLACED_AT, 5_000);

    expect(polls.earliest(buildAttempt())).toBe(PLACED_AT + 5_000);
  });

  test('keeps its distance but no pause when an operator retries', () => {
    polls.begin('first', PLACED_AT);
    polls.endUnclearly('first', PLACED_AT, 5_000);
    polls.retryNow();

    expect(polls.earliest(buildAttempt())).toBe(PLACED_AT + TIMING.verifySpacingMs);
  });

  test('has no pause after a clear one', () => {
    polls.endUnclearly('first', PLACED_AT, 5_000);
    polls.begin('first', PLACED_AT + 10);
    polls.endClearly('first');

    expect(polls.earliest(buildAttempt())).toBe(PLACED_AT + 10 + TIMING.verifySpacingMs);
  });
});

describe('a person is alerted', () => {
  test('when nothing was clear for long enough, counted from the first unclear answer', () => {
    polls.endUnclearly('first', PLACED_AT);
    polls.endUnclearly('first', PLACED_AT + 300);

    expect(polls.isUnclearTooLong('first', PLACED_AT + 499)).toBe(false);
    expect(polls.isUnclearTooLong('first', PLACED_AT + 500)).toBe(true);
  });

  test('not when a poll was clear meanwhile', () => {
    polls.endUnclearly('first', PLACED_AT);
    polls.begin('first', PLACED_AT + 10);
    polls.endClearly('first');

    expect(polls.isUnclearTooLong('first', PLACED_AT + 10_000)).toBe(false);
  });

  test('not for an attempt that was never polled', () => {
    expect(polls.isUnclearTooLong('first', PLACED_AT + 10_000)).toBe(false);
  });
});
