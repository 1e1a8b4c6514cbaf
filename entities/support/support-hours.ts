import { businessDay, daysBetween } from '../calendar/business-day';
import { USUAL_WEEK, type BusinessHours } from '../calendar/business-time';
import { readCalendar } from '../calendar/shop-calendar';
import type { Transaction } from '../sql';

/** The longest target, over Nowruz. */
const DAYS_AHEAD = 90;

/**
 * When the shop answers tickets, as the calendar says now: from the day of an instant to well after any deadline of a clock that
 * starts now.
 */
export async function readSupportHours(
  transaction: Transaction,
  from: Date,
  now: Date,
): Promise<BusinessHours> {
  const first = businessDay(from);
  const days = await readCalendar(transaction, first, daysBetween(first, businessDay(now)) + DAYS_AHEAD);
  const exceptions = days.flatMap(({ day, holiday, supportHours }) => {
    const hours = supportHours ?? (holiday === null ? null : []);
    return hours === null ? [] : [[day, hours] as const];
  });
  return { week: USUAL_WEEK, exceptions: new Map(exceptions) };
}
