import { addDays, weekdayOf, type BusinessDay } from './business-day';
import type { OpenHours } from './business-time';
import { holidaysOf, type Holiday } from './holidays';
import { halfMonthOf, jalaliDate, type JalaliDate } from './jalali';

/** A business day with what demand and suppliers depend on. */
export interface CalendarDay {
  readonly day: BusinessDay;
  readonly jalali: JalaliDate;
  /** Saturday is 0, Friday 6. */
  readonly weekday: number;
  /** 0 (first half of Farvardin) to 23. */
  readonly halfMonth: number;
  readonly holiday: Holiday | null;
  /** When tickets are answered on this day, if staff have said so; null when its week and the holiday say it. */
  readonly supportHours: readonly OpenHours[] | null;
}

const holidays = new Map<number, ReadonlyMap<string, Holiday>>();

/** What the calendar says of a day. A RangeError when it is no day. */
export function calendarDay(day: BusinessDay): CalendarDay {
  const jalali = jalaliDate(day);
  if (!holidays.has(jalali.year)) holidays.set(jalali.year, holidaysOf(jalali.year));
  return {
    day,
    jalali,
    weekday: weekdayOf(day),
    halfMonth: halfMonthOf(jalali),
    holiday: holidays.get(jalali.year)!.get(`${jalali.month}-${jalali.day}`) ?? null,
    supportHours: null,
  };
}

/** So many days of the calendar from a first one. */
export function calendarDays(from: BusinessDay, count: number): CalendarDay[] {
  return Array.from({ length: count }, (_, offset) => calendarDay(addDays(from, offset)));
}
