import type { ClockKind } from '../../entities/support/ticket-clocks';
import type { TicketPriority } from '../../entities/support/ticket-desk';
import type { TicketStatus } from '../../entities/support/ticket-status';

const DAY = 1_440;
/** A resolved ticket closes after so many minutes without a word. */
const WEEK = 7 * DAY;

/** Open from the first minute of a day to before the last. */
export type ModelHours = readonly { readonly from: number; readonly to: number }[];

/** The minutes of a year, each open or not. It begins with a Saturday. */
export class ModelCalendar {
  private readonly minutes: Uint8Array;

  constructor(readonly days: number) {
    this.minutes = new Uint8Array(days * DAY);
    for (let day = 0; day < days; day += 1) this.setHours(day, this.usualHours(day));
  }

  /** What docs/support.md promises: Saturday to Wednesday from 9 to 17, Thursday from 9 to 13. */
  usualHours(day: number): ModelHours {
    const weekday = day % 7;
    if (weekday === 6) return [];
    return [{ from: 9 * 60, to: (weekday === 5 ? 13 : 17) * 60 }];
  }

  setHours(day: number, hours: ModelHours): void {
    this.minutes.fill(0, day * DAY, (day + 1) * DAY);
    for (const { from, to } of hours) this.minutes.fill(1, day * DAY + from, day * DAY + to);
  }

  isOpen(minute: number): boolean {
    return this.minutes[minute] === 1;
  }
}

/** The minutes of business that each clock may take, by priority. */
export type ModelTargets = Record<TicketPriority, Record<ClockKind, number>>;

/** A clock as somebody with a stopwatch and a wall calendar keeps it. All instants are minutes of the year. */
export interface ModelClock {
  readonly kind: ClockKind;
  readonly round: number;
  target: number;
  used: number;
  since: number | null;
  warnedAt: number | null;
  breachedAt: number | null;
  /** When somebody last found the breach and had nobody to tell. */
  unheardAt: number;
  escalatedAt: number | null;
  metAt: number | null;
}

/** What a look at a ticket has marked, and the minute at which it became true. */
export interface ModelMark {
  readonly mark: 'warned' | 'breached' | 'escalated' | 'closed';
  readonly kind: ClockKind;
  readonly trueSince: number;
}

/** From where to where a ticket may go in one step. */
const TABLE: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  open: ['in_progress'],
  in_progress: ['pending_customer', 'pending_agent', 'resolved'],
  pending_customer: ['in_progress', 'resolved'],
  pending_agent: ['in_progress', 'resolved'],
  resolved: ['in_progress', 'closed'],
  closed: [],
};

/**
 * A ticket by the words of docs/support.md, without a line of the shop's code: it counts business time a minute at a time, by the
 * calendar as it is when somebody looks.
 */
export class ModelTicket {
  status: TicketStatus = 'open';
  priority: TicketPriority = 'medium';
  readonly clocks: ModelClock[] = [];
  private prioritySince: number;
  private resolvedAt: number | null = null;

  constructor(
    private readonly calendar: ModelCalendar,
    private readonly targets: ModelTargets,
    opened: number,
  ) {
    this.prioritySince = opened;
    this.start('first_response', 1, opened);
    this.start('resolution', 1, opened);
  }

  /** Whether a customer's message would be the first that nobody has answered. */
  get isAsked(): boolean {
    return this.clocks.some(({ kind, metAt }) => kind !== 'resolution' && metAt === null);
  }

  /** The workflow looks: what has become true is marked, and what nobody objects to is closed. */
  look(minute: number): ModelMark[] {
    if (this.status === 'closed') return [];
    const closesAt = this.resolvedAt === null ? Infinity : this.resolvedAt + WEEK;
    if (closesAt <= minute) {
      this.enter('closed', minute);
      return [{ mark: 'closed', kind: 'resolution', trueSince: closesAt }];
    }
    return [...this.mark(minute), ...this.escalate(minute)];
  }

  /** The customer writes on a ticket that is not closed. */
  ask(minute: number): ModelMark[] {
    return this.change(minute, () => {
      if (this.status === 'pending_customer' || this.status === 'resolved') this.enter('in_progress', minute);
      if (this.isAsked) return;
      this.start(
        'next_response',
        1 + this.clocks.filter(({ kind }) => kind === 'next_response').length,
        minute,
      );
    });
  }

  /** The shop answers a ticket that is not closed. An answer that crosses a question is an answer to nothing. */
  answer(minute: number, wanted: TicketStatus, isCrossed: boolean): ModelMark[] {
    return this.change(minute, () => {
      const to = isCrossed ? 'in_progress' : wanted;
      if (this.status === 'resolved' && to !== 'resolved') this.enter('in_progress', minute);
      for (const clock of this.clocks)
        if (!isCrossed && clock.kind !== 'resolution') this.meet(clock, minute);
      for (const status of this.wayTo(to)!) this.enter(status, minute);
    });
  }

  /** Somebody moves it. Undefined where the table has no way. */
  move(minute: number, to: TicketStatus): ModelMark[] | undefined {
    const way = this.wayTo(to);
    return (
      way &&
      this.change(minute, () => {
        for (const status of way) this.enter(status, minute);
      })
    );
  }

  /** Staff give it another priority. What only the new promise has broken was broken now, not before. */
  prioritise(minute: number, priority: TicketPriority): ModelMark[] {
    if (priority === this.priority) return [];
    return this.change(minute, () => {
      this.priority = priority;
      this.prioritySince = minute;
      for (const clock of this.clocks) {
        if (clock.metAt === null) clock.target = this.targets[priority][clock.kind];
      }
      return minute;
    });
  }

  /** The minute at which a clock that runs will have used a part of its target, by the calendar as it is now. */
  dueAt({ since, used, target }: ModelClock, part: number): number | null {
    if (since === null) return null;
    for (let minute = since, count = used; minute < this.calendar.days * DAY; minute += 1) {
      if (count >= target * part) return minute;
      if (this.calendar.isOpen(minute)) count += 1;
    }
    return Infinity;
  }

  private wayTo(to: TicketStatus): readonly TicketStatus[] | undefined {
    if (to === this.status) return [];
    if (TABLE[this.status].includes(to)) return [to];
    const isFarther = this.status !== 'resolved' && TABLE[this.status].includes('in_progress');
    return isFarther && TABLE.in_progress.includes(to) ? ['in_progress', to] : undefined;
  }

  private start(kind: ClockKind, round: number, since: number): void {
    const target = this.targets[this.priority][kind];
    const marks = { warnedAt: null, breachedAt: null, escalatedAt: null, metAt: null, unheardAt: 0 };
    this.clocks.push({ kind, round, target, used: 0, since, ...marks });
  }

  /** What was true before a change stays true. Then comes the change, and what it makes true, from the minute that it says on. */
  private change(minute: number, act: () => number | void): ModelMark[] {
    const before = this.mark(minute);
    const from = act() ?? 0;
    return [...before, ...this.mark(minute, from), ...this.escalate(minute)];
  }

  private enter(status: TicketStatus, minute: number): void {
    this.status = status;
    this.resolvedAt = status === 'resolved' ? minute : null;
    for (const clock of this.clocks) {
      if (clock.metAt !== null) continue;
      const isResolution = clock.kind === 'resolution';
      const standsStill =
        status === 'resolved' || status === 'closed' || (isResolution && status === 'pending_customer');
      if (status === 'closed' && isResolution) this.meet(clock, minute);
      else if (standsStill) this.stop(clock, minute);
      else clock.since ??= minute;
    }
  }

  private stop(clock: ModelClock, minute: number): void {
    if (clock.since !== null) clock.used += this.count(clock.since, minute);
    clock.since = null;
  }

  private meet(clock: ModelClock, minute: number): void {
    if (clock.metAt !== null) return;
    this.stop(clock, minute);
    clock.metAt = minute;
  }

  private count(from: number, to: number): number {
    let sum = 0;
    for (let minute = from; minute < to; minute += 1) if (this.calendar.isOpen(minute)) sum += 1;
    return sum;
  }

  private mark(minute: number, from = 0): ModelMark[] {
    const found: ModelMark[] = [];
    for (const clock of this.clocks) {
      if (clock.since === null) continue;
      for (const [mark, field, part] of [
        ['warned', 'warnedAt', 0.8],
        ['breached', 'breachedAt', 1],
      ] as const) {
        const due = this.dueAt(clock, part)!;
        if (clock[field] !== null || due > minute) continue;
        clock[field] = Math.max(due, from);
        found.push({ mark, kind: clock.kind, trueSince: clock[field] });
      }
    }
    return found;
  }

  /** Somebody is told of a breach that goes on: of an urgent ticket at any hour, of another one while the shop is open. */
  private escalate(minute: number): ModelMark[] {
    const isHeard = (at: number) => this.priority === 'urgent' || this.calendar.isOpen(at);
    return this.clocks.flatMap((clock) => {
      if (clock.breachedAt === null || clock.escalatedAt !== null || clock.since === null) return [];
      if (!isHeard(minute)) {
        clock.unheardAt = minute;
        return [];
      }
      clock.escalatedAt = minute;
      let trueSince = Math.max(clock.breachedAt, clock.since, clock.unheardAt, this.prioritySince);
      while (trueSince < minute && !isHeard(trueSince)) trueSince += 1;
      return [{ mark: 'escalated' as const, kind: clock.kind, trueSince }];
    });
  }
}
