import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addDays, instantOf, weekdayOf } from '../../../entities/calendar/business-day';
import { USUAL_WEEK, type BusinessHours, type OpenHours } from '../../../entities/calendar/business-time';
import { calendarDays } from '../../../entities/calendar/calendar-day';
import { deadlinesOf, judgeClock } from '../../../entities/support/clock';
import {
  clocksAimed,
  clocksAnswered,
  clocksAsked,
  clocksIn,
  openingClocks,
  type ClockKind,
  type Targets,
  type TicketClock,
} from '../../../entities/support/ticket-clocks';
import { pathTo, TICKET_STATUSES, type TicketStatus } from '../../../entities/support/ticket-status';

const MINUTE = 60_000;
/** The year 1405: its first day is Nowruz. */
const FIRST = '2026-03-21';
const DAYS = 380;
const START = instantOf(FIRST, 0).getTime();

const holidays = new Map<string, readonly OpenHours[]>(
  calendarDays(FIRST, DAYS)
    .filter(({ holiday }) => holiday !== null)
    .map(({ day }) => [day, []]),
);
const at = (minute: number) => new Date(START + minute * MINUTE);

test('the year of the model has Nowruz, lunar holidays and no change of the clocks', () => {
  expect([...holidays.keys()].slice(0, 4)).toEqual(['2026-03-21', '2026-03-22', '2026-03-23', '2026-03-24']);
  expect(holidays.size).toBeGreaterThan(20);
  expect(instantOf(addDays(FIRST, DAYS), 0).getTime()).toBe(START + DAYS * 1_440 * MINUTE);
});

/** How many minutes of business there were before each minute of the year. */
function countedMinutes({ week, exceptions }: BusinessHours): Uint32Array {
  const counted = new Uint32Array(DAYS * 1_440 + 1);
  for (let day = 0; day < DAYS; day += 1) {
    const date = addDays(FIRST, day);
    const open = exceptions.get(date) ?? week[weekdayOf(date)]!;
    const minutes = new Uint8Array(1_440);
    for (const { from, to } of open) minutes.fill(1, from, to);
    const start = day * 1_440;
    for (let minute = 0; minute < 1_440; minute += 1)
      counted[start + minute + 1] = counted[start + minute]! + minutes[minute]!;
  }
  return counted;
}

const usual = { week: USUAL_WEEK, exceptions: holidays };
const usualMinutes = countedMinutes(usual);

/** A clock as a person with a stopwatch would keep it. */
interface ModelClock {
  readonly kind: ClockKind;
  used: number;
  since: number | null;
  isMet: boolean;
  isBreached: boolean;
  isWarned: boolean;
}

/** What happens to a ticket. Minutes count from what happened before. */
type Deed =
  | { readonly did: 'asks' | 'answers' | 'closes' | 'judge' | 'raise' }
  | { readonly did: 'moves'; readonly to: TicketStatus };

const TARGETS: Targets = {
  first_response: 240 * MINUTE,
  next_response: 120 * MINUTE,
  resolution: 1_440 * MINUTE,
};
const URGENT: Targets = { first_response: 60 * MINUTE, next_response: 30 * MINUTE, resolution: 480 * MINUTE };

const pauses = (kind: ClockKind, status: TicketStatus) =>
  status === 'resolved' || status === 'closed' || (kind === 'resolution' && status === 'pending_customer');

class Model {
  readonly clocks: ModelClock[] = [this.fresh('first_response', 0), this.fresh('resolution', 0)];
  status: TicketStatus = 'open';
  targets = TARGETS;

  constructor(public counted: Uint32Array) {}

  private fresh(kind: ClockKind, since: number): ModelClock {
    return { kind, used: 0, since, isMet: false, isBreached: false, isWarned: false };
  }

  usedBy({ used, since }: ModelClock, minute: number): number {
    return used + (since === null ? 0 : this.counted[minute]! - this.counted[since]!);
  }

  /** Everything that has become true up to this minute. */
  judge(minute: number): void {
    for (const clock of this.clocks) {
      if (clock.since === null) continue;
      const used = this.usedBy(clock, minute) * MINUTE;
      const target = this.targets[clock.kind];
      if (used >= target * 0.8) clock.isWarned = true;
      if (used >= target) clock.isBreached = true;
    }
  }

  private stop(clock: ModelClock, minute: number): void {
    this.judge(minute);
    clock.used = this.usedBy(clock, minute);
    clock.since = null;
  }

  move(to: TicketStatus, minute: number): void {
    this.status = to;
    for (const clock of this.clocks) {
      if (clock.isMet) continue;
      const isOver = to === 'closed' && clock.kind === 'resolution';
      if (isOver || pauses(clock.kind, to)) this.stop(clock, minute);
      else clock.since ??= minute;
      clock.isMet = isOver;
    }
  }

  ask(minute: number): void {
    if (this.clocks.some(({ kind, isMet }) => kind !== 'resolution' && !isMet)) return;
    this.clocks.push(this.fresh('next_response', minute));
  }

  answer(minute: number): void {
    for (const clock of this.clocks) {
      if (clock.kind === 'resolution' || clock.isMet) continue;
      this.stop(clock, minute);
      clock.isMet = true;
    }
  }
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { arbitrary: fc.constantFrom('asks', 'answers', 'judge').map((did): Deed => ({ did })), weight: 6 },
  {
    arbitrary: fc.constantFrom(...TICKET_STATUSES).map((to): Deed => ({ did: 'moves', to })),
    weight: 3,
  },
  { arbitrary: fc.constantFrom('closes', 'raise').map((did): Deed => ({ did })), weight: 1 },
);
/** From a minute to three weeks: within an hour, over a night, over Nowruz. */
const pause = fc.oneof(
  fc.integer({ min: 0, max: 90 }),
  fc.integer({ min: 0, max: 3_000 }),
  fc.integer({ min: 0, max: 30_000 }),
);
const life = fc.record({
  opened: fc.integer({ min: 0, max: 120_000 }),
  deeds: fc.array(fc.tuple(pause, deed), { minLength: 1, maxLength: 30 }),
  /** A day that turns out to be a holiday, or one on which people work after all, and after which deed it is said. */
  corrected: fc.record({
    day: fc.integer({ min: 0, max: DAYS - 1 }),
    isHoliday: fc.boolean(),
    after: fc.integer({ min: 0, max: 30 }),
  }),
});

test('a year of tickets, answers and pauses keeps the clocks of a stopwatch, and no breach is wrong', () => {
  fc.assert(
    fc.property(life, ({ opened, deeds, corrected }) => {
      const date = addDays(FIRST, corrected.day);
      const changed = new Map(holidays).set(date, corrected.isHoliday ? [] : [{ from: 540, to: 1_020 }]);
      const corrections = { hours: { week: USUAL_WEEK, exceptions: changed } };

      const model = new Model(usualMinutes);
      for (const clock of model.clocks) clock.since = opened;
      let hours: BusinessHours = usual;
      let clocks: readonly TicketClock[] = openingClocks(TARGETS, at(opened));
      let minute = opened;
      let closed = false;
      for (const [index, [wait, { did, ...rest }]] of deeds.entries()) {
        if (index === corrected.after) {
          hours = corrections.hours;
          model.counted = countedMinutes(hours);
        }
        minute += wait;
        if (closed || minute >= DAYS * 1_440) break;
        const now = at(minute);
        model.judge(minute);
        clocks = clocks.map((clock) => ({ ...clock, ...judgeClock(hours, clock, now) }));
        const moveTo = (to: TicketStatus) => {
          for (const status of pathTo(model.status, to) ?? []) {
            model.move(status, minute);
            clocks = clocksIn(hours, clocks, { status, at: now });
          }
        };
        if (did === 'moves') moveTo((rest as { to: TicketStatus }).to);
        if (did === 'closes') moveTo('closed');
        if (did === 'answers') {
          moveTo('in_progress');
          model.answer(minute);
          clocks = clocksAnswered(hours, clocks, now);
          moveTo('pending_customer');
        }
        if (did === 'asks') {
          moveTo('in_progress');
          model.ask(minute);
          clocks = clocksAsked(clocks, model.targets, now);
        }
        if (did === 'raise') {
          model.targets = URGENT;
          clocks = clocksAimed(hours, clocks, { targets: URGENT, at: now });
          model.judge(minute);
        }
        closed = model.status === 'closed';

        expect(clocks.map(shapeOf)).toEqual(
          model.clocks.map((clock) => ({
            kind: clock.kind,
            usedMs: clock.used * MINUTE,
            runningSince: clock.since === null ? null : at(clock.since),
            ...{ isMet: clock.isMet, isBreached: clock.isBreached, isWarned: clock.isWarned },
          })),
        );
        for (const [place, clock] of clocks.entries())
          expectDue(hours, clock, model, model.clocks[place]!, minute);
      }
    }),
    { numRuns: 200 },
  );
});

const shapeOf = ({ kind, usedMs, runningSince, metAt, breachedAt, warnedAt }: TicketClock) => ({
  ...{ kind, usedMs, runningSince },
  ...{ isMet: metAt !== null, isBreached: breachedAt !== null, isWarned: warnedAt !== null },
});

/** The model reaches the target at the clock's instant, and not a minute before. */
function expectDue(
  hours: BusinessHours,
  clock: TicketClock,
  model: Model,
  modelled: ModelClock,
  minute: number,
): void {
  const { dueAt } = deadlinesOf(hours, clock);
  if (dueAt === null) return expect(modelled.since).toBeNull();
  const due = (dueAt.getTime() - START) / MINUTE;
  if (due <= minute || due > DAYS * 1_440) return;
  expect(model.usedBy(modelled, due) * MINUTE).toBe(clock.targetMs);
  expect(model.usedBy(modelled, due - 1) * MINUTE).toBeLessThan(clock.targetMs);
}

test.each([
  ['open', 'resolved', ['in_progress', 'resolved']],
  ['open', 'closed', undefined],
  ['pending_customer', 'pending_agent', ['in_progress', 'pending_agent']],
  ['resolved', 'pending_agent', undefined],
  ['resolved', 'closed', ['closed']],
  ['closed', 'in_progress', undefined],
  ['closed', 'closed', []],
] as const)('from %s to %s a ticket goes by %j', (from, to, path) => {
  expect(pathTo(from, to)).toEqual(path);
});
