import { addDays, businessDay, instantOf, weekdayOf, type BusinessDay } from './business-day';

/** Hours of one day in minutes after midnight in Tehran, from the first to before the last; `to` is at most 1440. */
export interface OpenHours {
  readonly from: number;
  readonly to: number;
}

/** When a team works. The hours of a day follow each other without overlap. */
export interface BusinessHours {
  /** Seven days, Saturday first. */
  readonly week: readonly (readonly OpenHours[])[];
  /** Days that differ from their week: none for a holiday, others for a short day or a Friday on which somebody works. */
  readonly exceptions: ReadonlyMap<BusinessDay, readonly OpenHours[]>;
}

/** Saturday to Wednesday from 9 to 17, Thursday from 9 to 13, no Friday. */
export const USUAL_WEEK: BusinessHours['week'] = [
  ...Array.from({ length: 5 }, () => [{ from: 540, to: 1_020 }]),
  [{ from: 540, to: 780 }],
  [],
];

/** Longer than any target and any ticket that waits; without hours for so long, nothing is ever due. */
const LONGEST_DAYS = 3_660;

/** The milliseconds of business time between two instants; 0 when the second is not later. */
export function businessMsBetween(hours: BusinessHours, from: Date, to: Date): number {
  let sum = 0;
  for (const open of openFrom(hours, from)) {
    if (open.start >= to.getTime()) return sum;
    sum += Math.min(open.end, to.getTime()) - open.start;
  }
  return sum;
}

/**
 * The first instant by which so many milliseconds of business time have passed: the inverse of {@link businessMsBetween}. A
 * RangeError when ten years have too few.
 */
export function addBusinessMs(hours: BusinessHours, from: Date, ms: number): Date {
  if (ms <= 0) return from;
  let left = ms;
  for (const open of openFrom(hours, from)) {
    if (open.start + left <= open.end) return new Date(open.start + left);
    left -= open.end - open.start;
  }
  throw new RangeError(`no business hours for ${LONGEST_DAYS} days after ${from.toISOString()}`);
}

/** The instant itself when it is within business hours, else when the next ones begin. A RangeError as {@link addBusinessMs}. */
export function nextBusinessInstant(hours: BusinessHours, from: Date): Date {
  for (const open of openFrom(hours, from)) return new Date(open.start);
  throw new RangeError(`no business hours for ${LONGEST_DAYS} days after ${from.toISOString()}`);
}

/** What is open after an instant, in epoch milliseconds, as it comes. */
function* openFrom(
  { week, exceptions }: BusinessHours,
  from: Date,
): Generator<{ readonly start: number; readonly end: number }> {
  let day = businessDay(from);
  for (let days = 0; days < LONGEST_DAYS; days += 1, day = addDays(day, 1)) {
    for (const hours of exceptions.get(day) ?? week[weekdayOf(day)]!) {
      const start = Math.max(instantOf(day, hours.from).getTime(), from.getTime());
      const end = instantOf(day, hours.to).getTime();
      if (start < end) yield { start, end };
    }
  }
}
