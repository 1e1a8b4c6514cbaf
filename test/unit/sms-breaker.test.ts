import { describe, expect, test } from 'vitest';

import {
  closedAt,
  judgeBreaker,
  PROBE_LIMIT_MS,
  type BreakerState,
  type SendVerdict,
} from '../../entities/sms/judge-breaker';

const T0 = new Date('2026-11-27T00:00:00Z');
const at = (seconds: number) => new Date(T0.getTime() + seconds * 1_000);
const pauseOf = ({ openUntil }: BreakerState, from: Date) => (openUntil!.getTime() - from.getTime()) / 1_000;

/** The breaker after these sends, one a second. */
function after(says: readonly SendVerdict['says'][], breaker: BreakerState = closedAt(T0)): BreakerState {
  return says.reduce(
    (state, one, second) => judgeBreaker(state, { attemptId: 'any', says: one }, at(second)),
    breaker,
  );
}

/** An open breaker whose probe begins when it may. */
function probing(breaker: BreakerState, attemptId = 'probe'): { breaker: BreakerState; now: Date } {
  const now = breaker.openUntil!;
  const probeUntil = new Date(now.getTime() + PROBE_LIMIT_MS);
  return { breaker: { ...breaker, status: 'half_open', probeAttemptId: attemptId, probeUntil }, now };
}

const FIVE = Array.from({ length: 5 }, () => 'fails' as const);

describe('a closed breaker', () => {
  test.each<[string, SendVerdict['says'][], BreakerState['status']]>([
    ['four failures in a row', ['fails', 'fails', 'fails', 'fails'], 'closed'],
    ['five failures in a row', FIVE, 'open'],
    [
      'five failures with a success between',
      ['fails', 'fails', 'works', 'fails', 'fails', 'fails'],
      'closed',
    ],
    ['one wrong setting', ['misconfigured'], 'open'],
    ['a hundred wrong recipients', Array.from({ length: 100 }, () => 'nothing'), 'closed'],
    [
      'wrong recipients between failures',
      ['fails', 'nothing', 'fails', 'fails', 'nothing', 'fails', 'fails'],
      'open',
    ],
    [
      'half of ten calls',
      ['fails', 'works', 'fails', 'works', 'fails', 'works', 'fails', 'works', 'works', 'fails'],
      'open',
    ],
    [
      'half of eight calls',
      ['fails', 'works', 'fails', 'works', 'fails', 'works', 'works', 'fails'],
      'closed',
    ],
    [
      'four of ten calls',
      ['fails', 'works', 'fails', 'works', 'fails', 'works', 'works', 'works', 'works', 'fails'],
      'closed',
    ],
  ])('after %s', (_, says, status) => {
    expect(after(says).status).toBe(status);
  });

  test('counts a share of failures within thirty seconds only', () => {
    const before = after(['fails', 'works', 'fails', 'works', 'fails', 'works', 'fails', 'works', 'works']);
    expect(judgeBreaker(before, { attemptId: 'a', says: 'fails' }, at(29)).status).toBe('open');
    expect(judgeBreaker(before, { attemptId: 'a', says: 'fails' }, at(31))).toMatchObject({
      status: 'closed',
      windowCalls: 1,
      windowFailures: 1,
    });
  });

  test('leaves a provider alone as long as it asks, at most five minutes', () => {
    const overload = (retryAfterMs: number) =>
      judgeBreaker(closedAt(T0), { attemptId: 'a', says: 'fails', retryAfterMs }, T0);
    expect([overload(1_000), overload(90_000), overload(3_600_000)].map((it) => pauseOf(it, T0))).toEqual([
      30, 90, 300,
    ]);
  });
});

describe('an open breaker', () => {
  test('opens for thirty seconds, and after each bad probe for twice as long, up to five minutes', () => {
    let breaker = after(FIVE);
    const pauses = [pauseOf(breaker, at(4))];
    for (let round = 0; round < 5; round += 1) {
      const { breaker: half, now } = probing(breaker);
      breaker = judgeBreaker(half, { attemptId: 'probe', says: 'fails' }, now);
      pauses.push(pauseOf(breaker, now));
    }
    expect(pauses).toEqual([30, 60, 120, 240, 300, 300]);
  });

  test('closes after two good probes, and begins anew', () => {
    const first = probing(after(FIVE));
    const once = judgeBreaker(first.breaker, { attemptId: 'probe', says: 'works' }, first.now);
    expect(once).toMatchObject({ status: 'half_open', goodProbes: 1, probeAttemptId: null });

    const second = probing({ ...once, openUntil: first.now }, 'another');
    expect(judgeBreaker(second.breaker, { attemptId: 'another', says: 'works' }, second.now)).toEqual(
      closedAt(second.now),
    );
  });

  test('hears only the running probe', () => {
    const open = after(FIVE);
    expect(judgeBreaker(open, { attemptId: 'late', says: 'works' }, at(9))).toBe(open);
    const { breaker, now } = probing(open);
    expect(judgeBreaker(breaker, { attemptId: 'late', says: 'fails' }, now)).toBe(breaker);
  });

  test('is none the wiser after a probe with a wrong recipient: the next one may begin', () => {
    const { breaker, now } = probing(after(FIVE));
    expect(judgeBreaker(breaker, { attemptId: 'probe', says: 'nothing' }, now)).toMatchObject({
      status: 'half_open',
      goodProbes: 0,
      probeAttemptId: null,
    });
  });
});
