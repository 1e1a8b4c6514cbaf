import type { BusinessDay } from '../calendar/business-day';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';

/** What somebody knows better than the calculation. */
export interface CorrectedDay {
  readonly day: BusinessDay;
  /** The holiday's English name; null for a day on which people work. */
  readonly holiday: string | null;
}

const CORRECT = statement(
  `INSERT INTO calendar_days (day, holiday, is_certain, is_corrected) VALUES ($1, $2, true, true)
   ON CONFLICT (day) DO UPDATE SET holiday = excluded.holiday, is_certain = true, is_corrected = true`,
);

/**
 * Corrects whether a day is a holiday, for good. The policies that are computed from the next night on know it. Repeating it changes
 * nothing.
 */
export async function correctDay(
  transaction: Transaction,
  actor: Actor,
  { day, holiday }: CorrectedDay,
): Promise<void> {
  await rows(transaction, CORRECT, [day, holiday]);
  await audited(transaction, actor, {
    action: 'calendar.change',
    object: { type: 'calendar_day', id: derivedId('calendar_day', day) },
    details: { day, holiday },
  });
}
