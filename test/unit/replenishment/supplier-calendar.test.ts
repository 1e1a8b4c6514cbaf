import { describe, expect, test } from 'vitest';

import { calendarDays } from '../../../entities/calendar/calendar-day';
import {
  arrivesOn,
  isWorkingDay,
  learnedLeadTime,
  protectionDays,
  takenOn,
  type SupplierTerms,
} from '../../../entities/calendar/supplier-calendar';

const TERMS: SupplierTerms = {
  leadDays: 3,
  leadSd: 1,
  weekdays: [0, 2],
  cutoffMinute: 15 * 60,
  reviewDays: 1,
};
/** From Saturday, 5 Mehr 1405: weeks without a holiday. */
const MEHR = calendarDays('2026-09-26', 30);
const ESFAND = calendarDays('2026-03-14', 60);

test.each([
  ['2026-09-27', true],
  ['2026-10-02', false],
  ['2026-03-28', false],
  ['2026-04-02', false],
  ['2026-04-04', true],
  ['2026-06-24', false],
])('whether suppliers work on %s: %s', (day, works) => {
  expect(isWorkingDay(calendarDays(day, 1)[0]!)).toBe(works);
});

describe('an order', () => {
  test.each([
    ['before the cut-off', 0, 900, 0],
    ['after the cut-off, on the next weekday of the supplier', 0, 901, 2],
    ['on a day on which the supplier takes none', 3, 0, 7],
  ])('is taken %s', (_, from, minute, taken) => {
    expect(takenOn(TERMS, MEHR, from, minute)).toBe(taken);
  });

  test('arrives after working days, Fridays left out', () => {
    expect(arrivesOn(MEHR, 4, 1)).toBe(5);
    expect(arrivesOn(MEHR, 4, 2.4)).toBe(8);
    expect(arrivesOn(MEHR, 4, 0)).toBe(5);
  });

  test('of the last days of Esfand arrives after Nature Day', () => {
    const taken = takenOn(TERMS, ESFAND, 4, 0);
    expect(ESFAND[arrivesOn(ESFAND, taken, 3)]!.jalali).toMatchObject({ month: 1, day: 18 });
  });

  test('beyond the calendar is refused, as is one with a supplier that takes none', () => {
    expect(() => arrivesOn(MEHR, 28, 5)).toThrow(RangeError);
    expect(() => takenOn({ ...TERMS, weekdays: [] }, MEHR, 0, 0)).toThrow(RangeError);
  });
});

test('stock must last until the order of the next review has arrived', () => {
  // Looked at on Saturday, reviewed on Sunday, taken on Monday, here on Thursday.
  expect(protectionDays(TERMS, MEHR, 600)).toBe(5);
  expect(protectionDays(TERMS, ESFAND, 600)).toBeLessThan(protectionDays(TERMS, ESFAND.slice(4), 600));
});

describe('a lead time', () => {
  test('is what the supplier promises until something has arrived', () => {
    expect(learnedLeadTime([], TERMS)).toEqual({ leadDays: 3, leadSd: 1 });
  });

  test('moves towards the last ten receipts, and no further back', () => {
    const late = Array.from({ length: 10 }, () => 16);
    expect(learnedLeadTime(late, TERMS).leadDays).toBeCloseTo(13, 5);
    expect(learnedLeadTime([1, 1, 1, ...late], TERMS)).toEqual(learnedLeadTime(late, TERMS));
    expect(learnedLeadTime([16], TERMS).leadDays).toBeCloseTo(6.25, 5);
  });

  test('varies as the receipts do', () => {
    expect(learnedLeadTime([1, 9, 1, 9], TERMS).leadSd).toBeGreaterThan(2.5);
  });
});
