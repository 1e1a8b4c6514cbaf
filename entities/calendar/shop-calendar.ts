import { boolean, nullable, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { addDays, daysBetween, type BusinessDay } from './business-day';
import { calendarDays, type CalendarDay } from './calendar-day';

const FILL = statement(
  `INSERT INTO calendar_days AS known (day, holiday, is_certain)
   SELECT day, holiday, "isCertain"
   FROM jsonb_to_recordset($1::jsonb) AS d(day date, holiday varchar, "isCertain" boolean)
   ON CONFLICT (day) DO UPDATE SET holiday = excluded.holiday, is_certain = excluded.is_certain
   WHERE NOT known.is_corrected
     AND (known.holiday, known.is_certain) IS DISTINCT FROM (excluded.holiday, excluded.is_certain)`,
);

/** Writes what is calculated for days, also where the calculation has changed. What staff have corrected stays. */
export async function fillCalendar(
  transaction: Transaction,
  { from, days }: { readonly from: BusinessDay; readonly days: number },
): Promise<void> {
  const wanted = calendarDays(from, days).map(({ day, holiday }) => ({
    ...{ day, holiday: holiday?.name ?? null, isCertain: holiday?.certain ?? true },
  }));
  await rows(transaction, FILL, [JSON.stringify(wanted)]);
}

const READ = statement<{ day: string; holiday: string | null; isCertain: boolean }>(
  `SELECT day::text AS day, holiday, is_certain AS "isCertain" FROM calendar_days
   WHERE day BETWEEN $1::date AND $2::date`,
  { day: text, holiday: nullable(text), isCertain: boolean },
);

/** So many days of the shop's calendar from a first one. A day that the table lacks is what the calculation says. */
export async function readCalendar(
  transaction: Transaction,
  from: BusinessDay,
  count: number,
): Promise<CalendarDay[]> {
  const days = calendarDays(from, count);
  const known = await rows(transaction, READ, [from, addDays(from, count - 1)]);
  for (const { day, holiday, isCertain } of known) {
    const at = daysBetween(from, day);
    days[at] = { ...days[at]!, holiday: holiday === null ? null : { name: holiday, certain: isCertain } };
  }
  return days;
}
