import type { AttemptState } from '../../entities/orders/order-state';
import type { CheckoutTiming } from './checkout.contract';

interface Look {
  /** How many looks were begun and how many ended; somebody who returns waits for the end of a later one. */
  begun: number;
  ended: number;
  /** A look with this number, or a later one, is wanted now. */
  wanted: number;
  /** When the last clear answer was asked for. */
  lastClearAt?: number;
  lastBegunAt?: number;
  /** Unclear answers in a row, since when, and when to ask again. */
  unclear: number;
  unclearSince?: number;
  againAt?: number;
  /** An operator asked for the next look. */
  isUrged?: boolean;
}

/**
 * What a story remembers about its looks at each attempt. All of it may be forgotten: a story that resumes begins with
 * none and goes by the rows.
 */
export class Looks {
  private readonly looks = new Map<string, Look>();
  private asked = 0;

  constructor(private readonly timing: CheckoutTiming) {}

  /** A buyer returned: the attempt is looked at soon. Returns the number of the look that will have seen the return. */
  want(attemptId: string): number {
    const look = this.of(attemptId);
    look.wanted = look.begun + 1;
    this.asked += 1;
    return look.wanted;
  }

  /** How many returns there were: whoever waits for a time looks up when it changes. */
  get wishes(): number {
    return this.asked;
  }

  /** Whether the look with that number has ended. */
  hasEnded(attemptId: string, number: number): boolean {
    return this.of(attemptId).ended >= number;
  }

  /** Whether nobody could tell and the next look waits for its pause. */
  rests(attemptId: string): boolean {
    const { unclear, begun, ended, againAt } = this.of(attemptId);
    return (unclear > 0 || againAt === Infinity) && ended === begun;
  }

  begin(attemptId: string, now: number): void {
    const look = this.of(attemptId);
    look.begun += 1;
    look.lastBegunAt = now;
    look.isUrged = false;
  }

  /** The gateway, or the tables, said clearly how the attempt stands. */
  endClearly(attemptId: string): void {
    const look = this.of(attemptId);
    look.ended = look.begun;
    look.lastClearAt = look.lastBegunAt;
    look.unclear = 0;
    look.unclearSince = undefined;
    look.againAt = undefined;
  }

  /** Nobody can tell: asked again after a pause that doubles, or that the gateway named. */
  endUnclearly(attemptId: string, now: number, retryAfterMs?: number): void {
    const look = this.of(attemptId);
    look.ended = look.begun;
    look.unclear += 1;
    look.unclearSince ??= now;
    const pause = Math.min(this.timing.retryFirstMs * 2 ** (look.unclear - 1), this.timing.retryMostMs);
    look.againAt = now + Math.max(pause, retryAfterMs ?? 0);
  }

  /** Whether nobody could tell for so long that a person should know. */
  isUnclearTooLong(attemptId: string, now: number): boolean {
    const { unclearSince } = this.of(attemptId);
    return unclearSince !== undefined && now - unclearSince >= this.timing.attentionAfterMs;
  }

  /** It is a person's now: not looked at again before an operator wants it. */
  leave(attemptId: string): void {
    const look = this.of(attemptId);
    look.ended = look.begun;
    look.againAt = Infinity;
  }

  /** An operator wants everything tried at once. */
  hurry(): void {
    for (const look of this.looks.values()) {
      look.againAt = undefined;
      look.isUrged = true;
    }
  }

  /** Whether the next look is one that an operator wants. */
  isUrged(attemptId: string): boolean {
    return this.of(attemptId).isUrged === true;
  }

  isWanted(attempt: AttemptState): boolean {
    const look = this.of(attempt.id);
    return attempt.hasReturn || look.wanted > look.begun;
  }

  /** When the attempt was last looked at with a clear answer; at first, when it was opened. */
  lastClearAt(attempt: AttemptState): number {
    return (
      this.of(attempt.id).lastClearAt ?? attempt.lastCaptureAt ?? attempt.payableUntil - this.timing.payableMs
    );
  }

  /** The earliest instant for the next look: spaced from the last one, and after any pause. */
  earliest(attempt: AttemptState): number {
    const look = this.of(attempt.id);
    const last = Math.max(look.lastBegunAt ?? 0, attempt.lastCaptureAt ?? 0);
    return Math.max(last + this.timing.verifySpacingMs, look.againAt ?? 0);
  }

  private of(attemptId: string): Look {
    let look = this.looks.get(attemptId);
    if (!look) {
      look = { begun: 0, ended: 0, wanted: 0, unclear: 0 };
      this.looks.set(attemptId, look);
    }
    return look;
  }
}
