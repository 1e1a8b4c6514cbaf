import { describe, expect, test } from 'vitest';

import { addDays, businessDay, daysBetween, weekdayOf } from '../../../entities/calendar/business-day';
import { calendarDay, calendarDays } from '../../../entities/calendar/calendar-day';
import { hasLunarHolidays, holidaysOf, missingLunarYear } from '../../../entities/calendar/holidays';
import { halfMonthOf, jalaliDate } from '../../../entities/calendar/jalali';

describe('a business day', () => {
  test.each([
    ['2026-11-27T20:29:59Z', '2026-11-27'],
    ['2026-11-27T20:30:00Z', '2026-11-28'],
    // Summer time, which Iran gave up in 2022.
    ['2021-07-01T19:29:59Z', '2021-07-01'],
    ['2021-07-01T19:30:00Z', '2021-07-02'],
  ])('of %s is %s', (instant, day) => {
    expect(businessDay(new Date(instant))).toBe(day);
  });

  test('is counted over the ends of months and leap days', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(daysBetween('2028-03-01', '2028-02-28')).toBe(-2);
  });

  test('has a weekday from Saturday', () => {
    expect(['2026-11-28', '2026-12-03', '2026-12-04'].map(weekdayOf)).toEqual([0, 5, 6]);
  });

  test('that does not exist is refused', () => {
    expect(() => jalaliDate('2026-13-01')).toThrow(RangeError);
    expect(() => addDays('soon', 1)).toThrow(RangeError);
  });
});

test.each([
  ['2024-03-20', { year: 1403, month: 1, day: 1 }, 0],
  // 1403 was a leap year.
  ['2025-03-20', { year: 1403, month: 12, day: 30 }, 23],
  ['2025-03-21', { year: 1404, month: 1, day: 1 }, 0],
  ['2026-11-27', { year: 1405, month: 9, day: 6 }, 16],
  ['2026-04-04', { year: 1405, month: 1, day: 15 }, 0],
  ['2026-04-05', { year: 1405, month: 1, day: 16 }, 1],
])('%s is %o', (day, jalali, halfMonth) => {
  expect(jalaliDate(day)).toEqual(jalali);
  expect(halfMonthOf(jalaliDate(day))).toBe(halfMonth);
});

describe('holidays', () => {
  test('1404 has the 26 of the official calendar', () => {
    expect(holidaysOf(1404).size).toBe(26);
    expect([...holidaysOf(1404).values()].every(({ certain }) => certain)).toBe(true);
  });

  test('calculated ones are marked', () => {
    expect(calendarDay('2026-06-25').holiday).toEqual({ name: 'Ashura', certain: true });
    expect(calendarDay('2027-06-15').holiday).toEqual({ name: 'Ashura', certain: false });
  });

  test('a year without data has the fixed ones only', () => {
    expect(hasLunarHolidays(1406)).toBe(true);
    expect(hasLunarHolidays(1407)).toBe(false);
    expect(holidaysOf(1407).size).toBe(10);
  });

  test.each([
    [{ year: 1406, month: 10, day: 30 }, null],
    [{ year: 1406, month: 11, day: 1 }, 1407],
    [{ year: 1407, month: 1, day: 1 }, 1407],
    [{ year: 1405, month: 12, day: 29 }, null],
  ])('on %o the missing year is %s', (date, missing) => {
    expect(missingLunarYear(date)).toBe(missing);
  });

  test('every date of the data is a day of its year', () => {
    for (const [year, first] of [
      [1404, '2025-03-21'],
      [1405, '2026-03-21'],
      [1406, '2027-03-21'],
    ] as const) {
      const days = calendarDays(first, 365);
      expect(days.at(0)!.jalali).toEqual({ year, month: 1, day: 1 });
      expect(days.filter(({ holiday }) => holiday !== null)).toHaveLength(holidaysOf(year).size);
    }
  });
});
