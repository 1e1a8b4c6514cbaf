import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addDays, businessDay, instantOf, weekdayOf } from '../../../entities/calendar/business-day';
import {
  addBusinessMs,
  businessMsBetween,
  nextBusinessInstant,
  USUAL_WEEK,
  type BusinessHours,
  type OpenHours,
} from '../../../entities/calendar/business-time';

const HOUR = 3_600_000;
const usual: BusinessHours = { week: USUAL_WEEK, exceptions: new Map() };
/** 1405-01-01 is Saturday 2026-03-21; the last three days of 1404 are a Wednesday, a Thursday and a Friday. */
const nowruz: BusinessHours = {
  week: USUAL_WEEK,
  exceptions: new Map(
    ['2026-03-20', '2026-03-21', '2026-03-22', '2026-03-23', '2026-03-24', '2026-04-01', '2026-04-02'].map(
      (day) => [day, []],
    ),
  ),
};
const at = (day: string, hour: number, minute = 0) => instantOf(day, hour * 60 + minute);

test.each([
  ['within a day', usual, at('2026-11-28', 10), 2 * HOUR, at('2026-11-28', 12)],
  ['to the last instant of a day', usual, at('2026-11-28', 10), 7 * HOUR, at('2026-11-28', 17)],
  ['over a night', usual, at('2026-11-28', 16), 2 * HOUR, at('2026-11-29', 10)],
  ['from a night', usual, at('2026-11-28', 23), HOUR, at('2026-11-29', 10)],
  ['from Thursday at noon over Friday', usual, at('2026-12-03', 12), 2 * HOUR, at('2026-12-05', 10)],
  ['from Thursday after its short hours', usual, at('2026-12-03', 16), HOUR, at('2026-12-05', 10)],
  ['over Nowruz', nowruz, at('2026-03-19', 12), 2 * HOUR, at('2026-03-25', 10)],
  ['nothing at all, in a night', usual, at('2026-11-28', 3), 0, at('2026-11-28', 3)],
])('business time is added %s', (_, hours, from, ms, due) => {
  expect(addBusinessMs(hours, from, ms)).toEqual(due);
  expect(businessMsBetween(hours, from, due)).toBe(ms);
});

test('a time within business hours is its own next one, another waits for the next opening', () => {
  expect(nextBusinessInstant(usual, at('2026-11-28', 16, 59))).toEqual(at('2026-11-28', 16, 59));
  expect(nextBusinessInstant(usual, at('2026-11-28', 17))).toEqual(at('2026-11-29', 9));
  expect(nextBusinessInstant(nowruz, at('2026-03-19', 13))).toEqual(at('2026-03-25', 9));
});

test('a team that never works has no due time', () => {
  const never: BusinessHours = { week: Array.from({ length: 7 }, () => []), exceptions: new Map() };
  expect(() => addBusinessMs(never, at('2026-11-28', 9), 1)).toThrow(RangeError);
  expect(businessMsBetween(never, at('2026-11-28', 9), at('2027-11-28', 9))).toBe(0);
});

const dayHours = fc
  .uniqueArray(fc.integer({ min: 0, max: 1_440 }), { minLength: 0, maxLength: 6 })
  .map((edges): OpenHours[] => {
    const sorted = edges.toSorted((a, b) => a - b);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
      from: sorted[2 * index]!,
      to: sorted[2 * index + 1]!,
    }));
  });
const FIRST = '2026-03-15';
const day = fc.integer({ min: 0, max: 20 }).map((days) => addDays(FIRST, days));
const hours = fc.record({
  // One day is open, so that time passes.
  week: fc
    .tuple(fc.array(dayHours, { minLength: 6, maxLength: 6 }))
    .map(([days]) => [[{ from: 60, to: 90 }], ...days]),
  exceptions: fc.array(fc.tuple(day, dayHours), { maxLength: 8 }).map((days) => new Map(days)),
});
const instant = fc
  .tuple(day, fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 59_999 }))
  .map(([on, minute, ms]) => new Date(instantOf(on, minute).getTime() + ms));

test('business time agrees with a count of minutes', () => {
  const minutes = (of: BusinessHours, from: Date, to: Date) => {
    let sum = 0;
    for (let ms = from.getTime(); ms < to.getTime(); ms += 60_000) {
      const now = new Date(ms);
      const on = businessDay(now);
      const minute = Math.floor((ms - instantOf(on, 0).getTime()) / 60_000);
      const open = of.exceptions.get(on) ?? of.week[weekdayOf(on)]!;
      if (open.some((it) => it.from <= minute && minute < it.to)) sum += 1;
    }
    return sum;
  };
  const wholeMinute = fc
    .tuple(day, fc.integer({ min: 0, max: 1_439 }))
    .map(([on, minute]) => instantOf(on, minute));
  fc.assert(
    fc.property(hours, wholeMinute, fc.integer({ min: 0, max: 3_000 }), (of, from, length) => {
      const to = new Date(from.getTime() + length * 60_000);
      expect(businessMsBetween(of, from, to)).toBe(minutes(of, from, to) * 60_000);
    }),
    { numRuns: 30 },
  );
});

test('adding is the inverse of measuring, goes only forward and in parts', () => {
  const ms = fc.integer({ min: 0, max: 100 * HOUR });
  fc.assert(
    fc.property(hours, instant, ms, ms, (of, from, one, other) => {
      const due = addBusinessMs(of, from, one);
      expect(businessMsBetween(of, from, due)).toBe(one);
      expect(addBusinessMs(of, due, other)).toEqual(addBusinessMs(of, from, one + other));
      expect(due.getTime() >= from.getTime() + one).toBe(true);
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(addBusinessMs(of, from, less) <= addBusinessMs(of, from, more)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
