import { beforeEach, describe, expect, test } from 'vitest';

import { Looks } from '../../../workflows/checkout/looks';
import { buildAttempt, PLACED_AT, TIMING } from './builders';

let looks: Looks;
beforeEach(() => {
  looks = new Looks(TIMING);
});

describe('whoever returns', () => {
  test('waits for a look that begins after they came', () => {
    looks.begin('first', PLACED_AT);
    const wanted = looks.want('first');
    looks.endClearly('first');
    const seenByTheEarlierLook = looks.hasEnded('first', wanted);
    looks.begin('first', PLACED_AT + 1);
    looks.endClearly('first');

    expect(seenByTheEarlierLook).toBe(false);
    expect(looks.hasEnded('first', wanted)).toBe(true);
  });

  test('shares the next look with everybody who waits', () => {
    const [one, two] = [looks.want('first'), looks.want('first')];

    expect(one).toBe(two);
    expect(looks.wishes).toBe(2);
  });

  test('has been answered by an unclear look too', () => {
    const wanted = looks.want('first');
    looks.begin('first', PLACED_AT);
    looks.endUnclearly('first', PLACED_AT);

    expect(looks.hasEnded('first', wanted)).toBe(true);
  });

  test('wants that attempt and no other', () => {
    looks.want('first');

    expect(looks.isWanted(buildAttempt())).toBe(true);
    expect(looks.isWanted(buildAttempt({ id: 'second' }))).toBe(false);
  });

  test('wants nothing more once the look has begun', () => {
    looks.want('first');
    looks.begin('first', PLACED_AT);

    expect(looks.isWanted(buildAttempt())).toBe(false);
  });

  test('is not forgotten with the run: a stored return is wanted as well', () => {
    expect(looks.isWanted(buildAttempt({ hasReturn: true }))).toBe(true);
  });
});

describe('the last clear look', () => {
  test('counts from the opening when there was none', () => {
    expect(looks.lastClearAt(buildAttempt())).toBe(PLACED_AT);
  });

  test('is what the rows say when this run had none', () => {
    expect(looks.lastClearAt(buildAttempt({ lastCaptureAt: PLACED_AT + 400 }))).toBe(PLACED_AT + 400);
  });

  test('is when it was begun, not when its answer came', () => {
    looks.begin('first', PLACED_AT + 500);
    looks.endClearly('first');

    expect(looks.lastClearAt(buildAttempt({ lastCaptureAt: PLACED_AT + 400 }))).toBe(PLACED_AT + 500);
  });

  test('is not moved by an unclear one', () => {
    looks.begin('first', PLACED_AT + 500);
    looks.endUnclearly('first', PLACED_AT + 510);

    expect(looks.lastClearAt(buildAttempt())).toBe(PLACED_AT);
  });
});

describe('the next look', () => {
  test('keeps its distance from the last one of this run', () => {
    looks.begin('first', PLACED_AT + 500);
    looks.endClearly('first');

    expect(looks.earliest(buildAttempt())).toBe(PLACED_AT + 500 + TIMING.verifySpacingMs);
  });

  test('keeps its distance from the last capture of an earlier run', () => {
    const attempt = buildAttempt({ lastCaptureAt: PLACED_AT + 700 });

    expect(looks.earliest(attempt)).toBe(PLACED_AT + 700 + TIMING.verifySpacingMs);
  });

  test('comes after a pause that doubles to its limit while nothing is clear', () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((round) => {
      const now = PLACED_AT + round * 1_000;
      looks.begin('first', now - 100);
      looks.endUnclearly('first', now);
      return looks.earliest(buildAttempt()) - now;
    });

    expect(pauses).toEqual([10, 20, 40, 80, 80, 80]);
  });

  test('comes no earlier than the gateway asks for', () => {
    looks.endUnclearly('first', PLACED_AT, 5_000);

    expect(looks.earliest(buildAttempt())).toBe(PLACED_AT + 5_000);
  });

  test('comes at once when an operator hurries, but for the distance', () => {
    looks.begin('first', PLACED_AT);
    looks.endUnclearly('first', PLACED_AT, 5_000);
    looks.hurry();

    expect(looks.earliest(buildAttempt())).toBe(PLACED_AT + TIMING.verifySpacingMs);
  });

  test('has no pause any more after a clear one', () => {
    looks.endUnclearly('first', PLACED_AT, 5_000);
    looks.begin('first', PLACED_AT + 10);
    looks.endClearly('first');

    expect(looks.earliest(buildAttempt())).toBe(PLACED_AT + 10 + TIMING.verifySpacingMs);
  });
});

describe('a person is called', () => {
  test('when nothing was clear for long enough, counted from the first unclear answer', () => {
    looks.endUnclearly('first', PLACED_AT);
    looks.endUnclearly('first', PLACED_AT + 300);

    expect(looks.isUnclearTooLong('first', PLACED_AT + 499)).toBe(false);
    expect(looks.isUnclearTooLong('first', PLACED_AT + 500)).toBe(true);
  });

  test('not when it has become clear meanwhile', () => {
    looks.endUnclearly('first', PLACED_AT);
    looks.begin('first', PLACED_AT + 10);
    looks.endClearly('first');

    expect(looks.isUnclearTooLong('first', PLACED_AT + 10_000)).toBe(false);
  });

  test('not for an attempt that nobody looked at', () => {
    expect(looks.isUnclearTooLong('first', PLACED_AT + 10_000)).toBe(false);
  });
});
