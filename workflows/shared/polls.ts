import type { Attention, Blocker } from './attention';

/** Durations in milliseconds. */
export interface PollTiming {
  /** Two polls of one subject are at least this far apart. */
  readonly spacingMs: number;
  /** The pause after the first unclear poll; each further pause is twice as long. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** A person is alerted after this long without a clear poll. */
  readonly attentionAfterMs: number;
}

/** What the rows know about a subject; the rest may be forgotten with the run. */
export interface PollHistory<Subject> {
  /** Whether something was stored that no poll has seen. */
  hasRequest(subject: Subject): boolean;
  /** When the subject was last polled, in milliseconds since the epoch. */
  lastPolledAt(subject: Subject): number | null;
  /** From when the first interval is counted. */
  beganAt(subject: Subject): number;
}

/** A poll that has begun. */
export interface Poll {
  readonly at: number;
  /** Whether somebody waits for it. */
  readonly wasRequested: boolean;
  /** Whether an operator asked for it. */
  readonly isRetry: boolean;
}

/** What a poll found out. */
export type PollResult =
  /** How things stand is known. `alert` tells a person about it all the same. */
  | { readonly kind: 'clear'; readonly alert?: { readonly problem: string; readonly code: string } }
  /** Nobody can tell yet: polled again. A person is alerted when this lasts, or at once when it `isUrgent`. */
  | {
      readonly kind: 'unclear';
      readonly retryAfterMs?: number;
      readonly isUrgent: boolean;
      readonly blocker: Blocker;
    }
  /** Only a person can go on: not polled again before an operator asks for it. */
  | { readonly kind: 'left'; readonly blocker: Blocker };

export const CLEAR: PollResult = { kind: 'clear' };

/** Longer pauses that the other side names are not kept: nobody would be alerted meanwhile. */
const LONGEST_NAMED_PAUSE_MS = 600_000;

interface Memory {
  /** How many polls have begun and ended. A caller waits for the end of a poll that began after the call. */
  begun: number;
  ended: number;
  /** The highest number of a poll that somebody waits for. */
  requested: number;
  lastBegunAt?: number;
  /** When the last clear poll began. */
  lastClearAt?: number;
  /** Unclear polls in a row, since when, and when to poll again. */
  unclear: number;
  unclearSince?: number;
  againAt?: number;
  isRetry: boolean;
}

/** What a workflow remembers about polling its subjects. A resumed workflow starts with none of it and goes by the rows. */
export class Polls<Subject extends { readonly id: string }> {
  private readonly memories = new Map<string, Memory>();
  private requests = 0;

  constructor(
    private readonly timing: PollTiming,
    private readonly history: PollHistory<Subject>,
  ) {}

  /** Asks for a poll soon. Returns the number of the poll to wait for. */
  request(id: string): number {
    const memory = this.of(id);
    memory.requested = memory.begun + 1;
    this.requests += 1;
    return memory.requested;
  }

  /** How many polls were requested so far. A workflow that waits for an instant wakes when it changes. */
  get requestCount(): number {
    return this.requests;
  }

  hasEnded(id: string, number: number): boolean {
    return this.of(id).ended >= number;
  }

  /** Whether the last poll was unclear and the next one is not due yet. */
  isPausing(id: string): boolean {
    const { unclear, begun, ended, againAt } = this.of(id);
    return (unclear > 0 || againAt === Infinity) && ended === begun;
  }

  isRequested(subject: Subject): boolean {
    const memory = this.of(subject.id);
    return this.history.hasRequest(subject) || memory.requested > memory.begun;
  }

  /** When the last clear poll began; before the first one, what the rows say. */
  lastClearAt(subject: Subject): number {
    return (
      this.of(subject.id).lastClearAt ?? this.history.lastPolledAt(subject) ?? this.history.beganAt(subject)
    );
  }

  /** The earliest instant for the next poll: spaced from the last one, and after any pause. */
  earliest(subject: Subject): number {
    const memory = this.of(subject.id);
    const last = Math.max(memory.lastBegunAt ?? 0, this.history.lastPolledAt(subject) ?? 0);
    return Math.max(last + this.timing.spacingMs, memory.againAt ?? 0);
  }

  /** Whether polls have been unclear for so long that a person should know. */
  isUnclearTooLong(id: string, now: number): boolean {
    const { unclearSince } = this.of(id);
    return unclearSince !== undefined && now - unclearSince >= this.timing.attentionAfterMs;
  }

  /** Whether an operator asked for the next poll. */
  isRetry(id: string): boolean {
    return this.of(id).isRetry;
  }

  begin(id: string, now: number): void {
    const memory = this.of(id);
    memory.begun += 1;
    memory.lastBegunAt = now;
    memory.isRetry = false;
  }

  endClearly(id: string): void {
    const memory = this.of(id);
    memory.ended = memory.begun;
    memory.lastClearAt = memory.lastBegunAt;
    memory.unclear = 0;
    memory.unclearSince = undefined;
    memory.againAt = undefined;
  }

  /** The next poll comes after a pause that doubles, or after the one that the other side named, if that is not absurd. */
  endUnclearly(id: string, now: number, retryAfterMs?: number): void {
    const memory = this.of(id);
    memory.ended = memory.begun;
    memory.unclear += 1;
    memory.unclearSince ??= now;
    const pause = Math.min(this.timing.retryFirstMs * 2 ** (memory.unclear - 1), this.timing.retryMostMs);
    memory.againAt = now + Math.max(pause, Math.min(retryAfterMs ?? 0, LONGEST_NAMED_PAUSE_MS));
  }

  /** Leaves the subject to a person: not polled again before {@link retryNow}. */
  leave(id: string): void {
    const memory = this.of(id);
    memory.ended = memory.begun;
    memory.againAt = Infinity;
  }

  /** An operator wants everything polled at once. */
  retryNow(): void {
    for (const memory of this.memories.values()) {
      memory.againAt = undefined;
      memory.isRetry = true;
    }
  }

  private of(id: string): Memory {
    let memory = this.memories.get(id);
    if (!memory) {
      memory = { begun: 0, ended: 0, requested: 0, unclear: 0, isRetry: false };
      this.memories.set(id, memory);
    }
    return memory;
  }
}

/** Polls the subject once. This is the only place that applies what a poll found out. */
export async function pollOnce<Subject extends { readonly id: string }>(
  { polls, attention }: { readonly polls: Polls<Subject>; readonly attention: Attention },
  subject: Subject,
  ask: (poll: Poll) => Promise<PollResult>,
): Promise<void> {
  const { id } = subject;
  const poll = { at: Date.now(), wasRequested: polls.isRequested(subject), isRetry: polls.isRetry(id) };
  polls.begin(id, poll.at);
  const result = await ask(poll);
  const now = Date.now();
  switch (result.kind) {
    case 'clear':
      polls.endClearly(id);
      attention.resolve(id);
      if (result.alert) await attention.alert(result.alert.problem, result.alert.code);
      break;
    case 'unclear':
      polls.endUnclearly(id, now, result.retryAfterMs);
      if (result.isUrgent || polls.isUnclearTooLong(id, now)) await attention.needFor(id, result.blocker);
      break;
    case 'left':
      polls.leave(id);
      await attention.needFor(id, result.blocker);
  }
}
