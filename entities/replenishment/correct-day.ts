import type { BusinessDay } from '../calendar/business-day';
import type { OpenHours } from '../calendar/business-time';
import { nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';

/** What somebody knows better than the calculation. */
export interface CorrectedDay {
  readonly day: BusinessDay;
  /** The holiday's English name; null for a day on which people work. */
  readonly holiday: string | null;
  /**
   * When tickets are answered on it, without overlap and as they follow each other. Null: as the week and the holiday say. Absent: as
   * it was, for purchasing corrects holidays and knows nothing of support.
   */
  readonly supportHours?: readonly OpenHours[] | null | undefined;
}

const CORRECT = statement<{ supportHours: string | null }>(
  `INSERT INTO calendar_days AS known (day, holiday, support_hours, is_certain, is_corrected)
   VALUES ($1, $2, $3::int4multirange, true, true)
   ON CONFLICT (day) DO UPDATE SET holiday = excluded.holiday, is_certain = true, is_corrected = true,
     support_hours = CASE WHEN $4::boolean THEN excluded.support_hours ELSE known.support_hours END
   RETURNING support_hours::text AS "supportHours"`,
  { supportHours: nullable(text) },
);

/**
 * Corrects whether a day is a holiday, and when tickets are answered on it, for good. The policies that are computed from the next
 * night on know it. Repeating it changes nothing.
 */
export async function correctDay(
  transaction: Transaction,
  actor: Actor,
  { day, holiday, supportHours }: CorrectedDay,
): Promise<void> {
  const hours = supportHours ? `{${supportHours.map(({ from, to }) => `[${from},${to})`).join(',')}}` : null;
  const corrected = await row(transaction, CORRECT, [day, holiday, hours, supportHours !== undefined]);
  await audited(transaction, actor, {
    action: 'calendar.change',
    object: { type: 'calendar_day', id: derivedId('calendar_day', day) },
    details: { day, holiday, supportHours: corrected!.supportHours },
  });
}
