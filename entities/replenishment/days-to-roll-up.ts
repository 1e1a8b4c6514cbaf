import { addDays, type BusinessDay } from '../calendar/business-day';
import { nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** What a late booking may still change: the days before are final. */
const AGAIN_DAYS = 3;
/** Older demand says nothing about the next order. */
const HISTORY_DAYS = 1_095;

const READ = statement<{ rolledUpTo: string | null; firstDay: string | null }>(
  `SELECT rolled_up_to::text AS "rolledUpTo",
     (SELECT (min(created_at) AT TIME ZONE 'Asia/Tehran')::date::text FROM stock_movements WHERE rolled_up_to IS NULL) AS "firstDay"
   FROM demand_profiles`,
  { rolledUpTo: nullable(text), firstDay: nullable(text) },
);

/** The days whose demand must be computed (again); null where there are none yet. */
export async function daysToRollUp(
  transaction: Transaction,
  today: BusinessDay,
): Promise<{ readonly from: BusinessDay; readonly to: BusinessDay } | null> {
  const { rolledUpTo, firstDay } = (await row(transaction, READ))!;
  const to = addDays(today, -1);
  const begin = rolledUpTo === null ? firstDay : addDays(rolledUpTo, 1 - AGAIN_DAYS);
  if (begin === null || begin > to) return null;
  const oldest = addDays(today, -HISTORY_DAYS);
  return { from: begin < oldest ? oldest : begin, to };
}
