import { boolean, integer, jsonList, jsonObject, nullable, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { addDays, daysBetween, type BusinessDay } from './business-day';
import type { OpenHours } from './business-time';
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

interface KnownDay {
  readonly day: string;
  readonly holiday: string | null;
  readonly isCertain: boolean;
  readonly supportHours: OpenHours[] | null;
}

const READ = statement<KnownDay>(
  `SELECT day::text AS day, holiday, is_certain AS "isCertain", CASE WHEN support_hours IS NOT NULL THEN (
     SELECT coalesce(jsonb_agg(jsonb_build_object('from', lower(open), 'to', upper(open)) ORDER BY open), '[]')
     FROM unnest(support_hours) AS open) END AS "supportHours"
   FROM calendar_days WHERE day BETWEEN $1::date AND $2::date`,
  {
    day: text,
    holiday: nullable(text),
    isCertain: boolean,
    supportHours: nullable(jsonList(jsonObject<OpenHours>({ from: integer, to: integer }))),
  },
);

/** So many days of the shop's calendar from a first one. A day that the table lacks is what the calculation says. */
export async function readCalendar(
  transaction: Transaction,
  from: BusinessDay,
  count: number,
): Promise<CalendarDay[]> {
  const days = calendarDays(from, count);
  const known = await rows(transaction, READ, [from, addDays(from, count - 1)]);
  for (const { day, holiday, isCertain, supportHours } of known) {
    const at = daysBetween(from, day);
    const named = holiday === null ? null : { name: holiday, certain: isCertain };
    days[at] = { ...days[at]!, holiday: named, supportHours };
  }
  return days;
}
