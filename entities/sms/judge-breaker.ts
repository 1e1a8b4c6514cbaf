import type { BreakerStatus } from './sms-status';

/** A breaker as its row is. */
export interface BreakerState {
  readonly status: BreakerStatus;
  readonly failures: number;
  readonly windowBeganAt: Date;
  readonly windowCalls: number;
  readonly windowFailures: number;
  readonly openings: number;
  readonly openUntil: Date | null;
  readonly goodProbes: number;
  readonly probeAttemptId: string | null;
  readonly probeUntil: Date | null;
}

/** What a send says about its provider. */
export interface SendVerdict {
  readonly attemptId: string;
  readonly says:
    /** It works. */
    | 'works'
    /** It does not work now, or gave no answer. */
    | 'fails'
    /** An account, line or template must be put right: nothing gets through before. */
    | 'misconfigured'
    /** Nothing: the recipient or our request was at fault, or it was never called. */
    | 'nothing';
  /** How long the provider asked to be left alone. */
  readonly retryAfterMs?: number;
}

const FAILURES_IN_A_ROW = 5;
const WINDOW_MS = 30_000;
const WINDOW_CALLS = 10;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
const GOOD_PROBES = 2;
/** Longer than a send may take. After that the worker of the probe is dead, and another probe may begin. */
export const PROBE_LIMIT_MS = 30_000;

const later = (instant: Date, ms: number) => new Date(instant.getTime() + ms);

/** The breaker after a send. Of a breaker that is not closed only the running probe is heard. */
export function judgeBreaker(breaker: BreakerState, verdict: SendVerdict, now: Date): BreakerState {
  if (breaker.status === 'closed') return afterCall(breaker, verdict, now);
  if (breaker.status === 'open' || breaker.probeAttemptId !== verdict.attemptId) return breaker;
  const free = { ...breaker, probeAttemptId: null, probeUntil: null };
  switch (verdict.says) {
    case 'nothing':
      return free;
    case 'works': {
      const goodProbes = breaker.goodProbes + 1;
      return goodProbes < GOOD_PROBES ? { ...free, goodProbes } : closedAt(now);
    }
    default:
      return opened(free, verdict, now);
  }
}

function afterCall(breaker: BreakerState, { says, ...verdict }: SendVerdict, now: Date): BreakerState {
  if (says === 'nothing') return breaker;
  const failed = says !== 'works';
  const isOver = now.getTime() - breaker.windowBeganAt.getTime() >= WINDOW_MS;
  const counted = {
    ...breaker,
    failures: failed ? breaker.failures + 1 : 0,
    windowBeganAt: isOver ? now : breaker.windowBeganAt,
    windowCalls: (isOver ? 0 : breaker.windowCalls) + 1,
    windowFailures: (isOver ? 0 : breaker.windowFailures) + (failed ? 1 : 0),
  };
  const isBroken =
    says === 'misconfigured' ||
    (failed && verdict.retryAfterMs !== undefined) ||
    counted.failures >= FAILURES_IN_A_ROW ||
    (counted.windowCalls >= WINDOW_CALLS && counted.windowFailures * 2 >= counted.windowCalls);
  return failed && isBroken ? opened(counted, verdict, now) : counted;
}

function opened(breaker: BreakerState, { retryAfterMs = 0 }: Partial<SendVerdict>, now: Date): BreakerState {
  const pause = Math.min(Math.max(FIRST_PAUSE_MS * 2 ** breaker.openings, retryAfterMs), LONGEST_PAUSE_MS);
  return {
    ...breaker,
    status: 'open',
    openings: breaker.openings + 1,
    openUntil: later(now, pause),
    goodProbes: 0,
    probeAttemptId: null,
    probeUntil: null,
  };
}

/** A breaker that has no history. */
export function closedAt(now: Date): BreakerState {
  return {
    status: 'closed',
    failures: 0,
    windowBeganAt: now,
    windowCalls: 0,
    windowFailures: 0,
    openings: 0,
    openUntil: null,
    goodProbes: 0,
    probeAttemptId: null,
    probeUntil: null,
  };
}
