import type { BusinessDay } from '../calendar/business-day';
import type { OpenHours } from '../calendar/business-time';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';

/** What somebody knows better than the calculation. */
export interface CorrectedDay {
  readonly day: BusinessDay;
  /** The holiday's English name; null for a day on which people work. */
  readonly holiday: string | null;
  /** When tickets are answered on it, without overlap and as they follow each other. Null or absent: as the week and the holiday say. */
  readonly supportHours?: readonly OpenHours[] | null;
}

const CORRECT = statement(
  `INSERT INTO calendar_days (day, holiday, support_hours, is_certain, is_corrected) VALUES ($1, $2, $3::int4multirange, true, true)
   ON CONFLICT (day) DO UPDATE SET holiday = excluded.holiday, support_hours = excluded.support_hours, is_certain = true,
     is_corrected = true`,
);

/**
 * Corrects whether a day is a holiday, and when tickets are answered on it, for good. The policies that are computed from the next
 * night on know it. Repeating it changes nothing.
 */
export async function correctDay(
  transaction: Transaction,
  actor: Actor,
  { day, holiday, supportHours = null }: CorrectedDay,
): Promise<void> {
  const hours = supportHours && `{${supportHours.map(({ from, to }) => `[${from},${to})`).join(',')}}`;
  await rows(transaction, CORRECT, [day, holiday, hours]);
  await audited(transaction, actor, {
    action: 'calendar.change',
    object: { type: 'calendar_day', id: derivedId('calendar_day', day) },
    details: { day, holiday, ...(hours !== null && { supportHours: hours }) },
  });
}
