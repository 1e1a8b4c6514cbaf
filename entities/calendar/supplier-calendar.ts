import type { CalendarDay } from './calendar-day';

/** When a supplier takes orders, and how long delivery takes. */
export interface SupplierTerms {
  /** Working days from the order to the delivery. */
  readonly leadDays: number;
  /** Standard deviation of it, in working days. */
  readonly leadSd: number;
  /** Weekdays from Saturday (0) on which orders are taken. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight by which an order must be there to be taken the same day. */
  readonly cutoffMinute: number;
  /** Days between two looks at the stock. */
  readonly reviewDays: number;
}

/** A lead time in working days. */
export interface LeadTime {
  readonly leadDays: number;
  readonly leadSd: number;
}

/** Receipts that count: older ones tell of another supplier. */
const RECEIPTS = 10;
/** Receipts that the supplier's promise weighs. */
const PROMISE_WEIGHT = 3;
const FRIDAY = 6;
/** Until Nature Day hardly anybody delivers. */
const NOWRUZ_DAYS = 13;

/** Whether suppliers work: not on Fridays, on 1–13 Farvardin or on holidays, calculated ones included. */
export function isWorkingDay({ weekday, jalali, holiday }: CalendarDay): boolean {
  return weekday !== FRIDAY && holiday === null && !(jalali.month === 1 && jalali.day <= NOWRUZ_DAYS);
}

/**
 * The offset in `calendar` of the day on which the supplier takes an order that is sent on the day `from` at a minute
 * of that day. A RangeError when the calendar ends before.
 */
export function takenOn(
  { weekdays, cutoffMinute }: SupplierTerms,
  calendar: readonly CalendarDay[],
  from: number,
  minute: number,
): number {
  const takes = (day: CalendarDay) => isWorkingDay(day) && weekdays.includes(day.weekday);
  return nextDay(calendar, minute <= cutoffMinute ? from : from + 1, takes);
}

/** The offset of the day on which an order arrives after so many working days. A RangeError when the calendar ends before. */
export function arrivesOn(calendar: readonly CalendarDay[], taken: number, workingDays: number): number {
  let at = taken;
  for (let left = Math.max(1, Math.ceil(workingDays)); left > 0; left -= 1) {
    at = nextDay(calendar, at + 1, isWorkingDay);
  }
  return at;
}

/**
 * How many days stock must last when nothing is ordered now: until what is ordered at the next review has arrived.
 * `calendar` begins today.
 */
export function protectionDays(
  terms: SupplierTerms,
  calendar: readonly CalendarDay[],
  minute: number,
): number {
  return arrivesOn(calendar, takenOn(terms, calendar, terms.reviewDays, minute), terms.leadDays);
}

/** The working days after one offset in `calendar`, up to another: what {@link arrivesOn} counts. */
export function workingDaysBetween(calendar: readonly CalendarDay[], from: number, to: number): number {
  return calendar.slice(from + 1, to + 1).filter(isWorkingDay).length;
}

/** The lead time that the last ten receipts show, in working days, shrunk towards what the supplier promises. */
export function learnedLeadTime(receipts: readonly number[], promised: LeadTime): LeadTime {
  const last = receipts.slice(-RECEIPTS);
  const weight = last.length + PROMISE_WEIGHT;
  const leadDays = (sum(last) + PROMISE_WEIGHT * promised.leadDays) / weight;
  const spread = sum(last.map((days) => (days - leadDays) ** 2));
  return { leadDays, leadSd: Math.sqrt((spread + PROMISE_WEIGHT * promised.leadSd ** 2) / weight) };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function nextDay(calendar: readonly CalendarDay[], from: number, is: (day: CalendarDay) => boolean): number {
  for (let at = from; at < calendar.length; at += 1) if (is(calendar[at]!)) return at;
  throw new RangeError(`the calendar of ${calendar.length} days ends before the supplier's next one`);
}
