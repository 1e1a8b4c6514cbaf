import type { AttemptState } from '../../entities/orders/order-state';
import type { CheckoutTiming } from './checkout.contract';

interface Poll {
  /** How many polls were begun and how many ended; somebody who returns waits for the end of a later one. */
  begun: number;
  ended: number;
  /** A poll with this number, or a later one, is wanted now. */
  wanted: number;
  /** When the last clear answer was asked for. */
  lastClearAt?: number;
  lastBegunAt?: number;
  /** Unclear answers in a row, since when, and when to ask again. */
  unclear: number;
  unclearSince?: number;
  againAt?: number;
  /** An operator asked for the next poll. */
  isRetried?: boolean;
}

/**
 * What a workflow remembers about its polls each attempt. All of it may be forgotten: a workflow that resumes begins with
 * none and goes by the rows.
 */
export class Polls {
  private readonly polls = new Map<string, Poll>();
  private asked = 0;

  constructor(private readonly timing: CheckoutTiming) {}

  /** A buyer refunded: the attempt is polled soon. Returns the number of the poll that will have seen the callback. */
  want(attemptId: string): number {
    const poll = this.of(attemptId);
    poll.wanted = poll.begun + 1;
    this.asked += 1;
    return poll.wanted;
  }

  /** How many returns there were: whoever waits for a time polls up when it changes. */
  get requests(): number {
    return this.asked;
  }

  /** Whether the poll with that number has ended. */
  hasEnded(attemptId: string, number: number): boolean {
    return this.of(attemptId).ended >= number;
  }

  /** Whether nobody could tell and the next poll waits for its pause. */
  rests(attemptId: string): boolean {
    const { unclear, begun, ended, againAt } = this.of(attemptId);
    return (unclear > 0 || againAt === Infinity) && ended === begun;
  }

  begin(attemptId: string, now: number): void {
    const poll = this.of(attemptId);
    poll.begun += 1;
    poll.lastBegunAt = now;
    poll.isRetried = false;
  }

  /** The gateway, or the tables, said clearly how the attempt stands. */
  endClearly(attemptId: string): void {
    const poll = this.of(attemptId);
    poll.ended = poll.begun;
    poll.lastClearAt = poll.lastBegunAt;
    poll.unclear = 0;
    poll.unclearSince = undefined;
    poll.againAt = undefined;
  }

  /** Nobody can tell: asked again after a pause that doubles, or that the gateway named. */
  endUnclearly(attemptId: string, now: number, retryAfterMs?: number): void {
    const poll = this.of(attemptId);
    poll.ended = poll.begun;
    poll.unclear += 1;
    poll.unclearSince ??= now;
    const pause = Math.min(this.timing.retryFirstMs * 2 ** (poll.unclear - 1), this.timing.retryMostMs);
    poll.againAt = now + Math.max(pause, retryAfterMs ?? 0);
  }

  /** Whether nobody could tell for so long that a person should know. */
  isUnclearTooLong(attemptId: string, now: number): boolean {
    const { unclearSince } = this.of(attemptId);
    return unclearSince !== undefined && now - unclearSince >= this.timing.attentionAfterMs;
  }

  /** It is a person's now: not polled again before an operator wants it. */
  leave(attemptId: string): void {
    const poll = this.of(attemptId);
    poll.ended = poll.begun;
    poll.againAt = Infinity;
  }

  /** An operator wants everything tried at once. */
  retryNow(): void {
    for (const poll of this.polls.values()) {
      poll.againAt = undefined;
      poll.isRetried = true;
    }
  }

  /** Whether the next poll is one that an operator wants. */
  isRetried(attemptId: string): boolean {
    return this.of(attemptId).isRetried === true;
  }

  isWanted(attempt: AttemptState): boolean {
    const poll = this.of(attempt.id);
    return attempt.hasCallback || poll.wanted > poll.begun;
  }

  /** When the attempt was last polled with a clear answer; at first, when it was opened. */
  lastClearAt(attempt: AttemptState): number {
    return (
      this.of(attempt.id).lastClearAt ?? attempt.lastCaptureAt ?? attempt.payableUntil - this.timing.payableMs
    );
  }

  /** The earliest instant for the next poll: spaced from the last one, and after any pause. */
  earliest(attempt: AttemptState): number {
    const poll = this.of(attempt.id);
    const last = Math.max(poll.lastBegunAt ?? 0, attempt.lastCaptureAt ?? 0);
    return Math.max(last + this.timing.verifySpacingMs, poll.againAt ?? 0);
  }

  private of(attemptId: string): Poll {
    let poll = this.polls.get(attemptId);
    if (!poll) {
      poll = { begun: 0, ended: 0, wanted: 0, unclear: 0 };
      this.polls.set(attemptId, poll);
    }
    return poll;
  }
}
