import { addDays, businessDay, endOf, instantOf, minuteOf } from '../calendar/business-day';
import { readCalendar } from '../calendar/shop-calendar';
import { arrivesOn, takenOn } from '../calendar/supplier-calendar';
import { array, integer } from '../row-shape';
import type { Transaction } from '../sql';

/** What the instants of an order depend on. */
export interface SupplierHours {
  readonly leadDays: number;
  readonly cutoffMinute: number;
  readonly weekdays: readonly number[];
}

/** The columns of {@link SupplierHours} of the table `suppliers`, and their shape. */
export const HOURS = `lead_days AS "leadDays", cutoff_minute AS "cutoffMinute", weekdays`;
export const HOURS_SHAPE = { leadDays: integer, cutoffMinute: integer, weekdays: array(integer) };

/** Working days after which a late order needs somebody. */
const PATIENCE_DAYS = 2;

/** Long enough for the longest lead time over Nowruz. */
const HORIZON_DAYS = 800;

const terms = (hours: SupplierHours) => ({ ...hours, leadSd: 0, reviewDays: 0 });

/** The next instant at which the supplier stops taking orders for a day. */
export async function cutoffAfter(transaction: Transaction, hours: SupplierHours, at: Date): Promise<Date> {
  const calendar = await readCalendar(transaction, businessDay(at), HORIZON_DAYS);
  const taken = takenOn(terms(hours), calendar, 0, minuteOf(at));
  return instantOf(calendar[taken]!.day, hours.cutoffMinute);
}

/** The end of the day on which an order arrives that the supplier gets at an instant. */
export async function arrivalAfter(transaction: Transaction, hours: SupplierHours, at: Date): Promise<Date> {
  const calendar = await readCalendar(transaction, businessDay(at), HORIZON_DAYS);
  const taken = takenOn(terms(hours), calendar, 0, minuteOf(at));
  return endOf(calendar[arrivesOn(calendar, taken, hours.leadDays)]!.day);
}

/** The end of the second working day after an order was expected. */
export async function patienceEndsAfter(transaction: Transaction, expectedAt: Date): Promise<Date> {
  const lastDay = addDays(businessDay(expectedAt), -1);
  const calendar = await readCalendar(transaction, lastDay, HORIZON_DAYS);
  return endOf(calendar[arrivesOn(calendar, 0, PATIENCE_DAYS)]!.day);
}
