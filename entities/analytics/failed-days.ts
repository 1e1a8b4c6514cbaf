import type { BusinessDay } from '../calendar/business-day';
import { boolean, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { FigureSource } from './figures';

/** After the first failure, and twice as long after each further one. */
const RETRY_MINUTES = 15;
const MOST_DOUBLINGS = 6;

const MARK = statement(
  `INSERT INTO analytics_failed_days AS known (source, day, failures, retry_at)
   VALUES ($1, $2::date, 1, $3::timestamptz + make_interval(mins => ${RETRY_MINUTES}))
   ON CONFLICT (source, day) DO UPDATE SET failures = known.failures + 1,
     retry_at = $3 + make_interval(mins => ${RETRY_MINUTES} * (2 ^ least(known.failures, ${MOST_DOUBLINGS}))::integer)`,
);

/** Notes that a day could not be counted, so that others go on and it is tried again later: at first in 15 minutes, at last each 16 hours. */
export async function markFailedDay(
  transaction: Transaction,
  source: FigureSource,
  day: BusinessDay,
  now: Date,
): Promise<void> {
  await rows(transaction, MARK, [source, day, now]);
}

const CLEAR = statement('DELETE FROM analytics_failed_days WHERE source = $1 AND day = $2::date');

/** Notes that a day was counted. */
export async function clearFailedDay(
  transaction: Transaction,
  source: FigureSource,
  day: BusinessDay,
): Promise<void> {
  await rows(transaction, CLEAR, [source, day]);
}

const FORGET = statement(
  `DELETE FROM analytics_failed_days f USING analytics_sources s
   WHERE f.source = $1 AND s.source = f.source AND f.day < s.complete_from`,
);
const READ = statement<{ day: string; isDue: boolean }>(
  `SELECT day::text, retry_at <= $2 AS "isDue" FROM analytics_failed_days WHERE source = $1 ORDER BY retry_at, day`,
  { day: text, isDue: boolean },
);

/** The days of a source that could not be counted. Those whose rows retention has removed since are forgotten. */
export async function readFailedDays(
  transaction: Transaction,
  source: FigureSource,
  now: Date,
): Promise<{ readonly due: readonly BusinessDay[]; readonly waiting: ReadonlySet<BusinessDay> }> {
  await rows(transaction, FORGET, [source]);
  const found = await rows(transaction, READ, [source, now]);
  return {
    due: found.filter(({ isDue }) => isDue).map(({ day }) => day),
    waiting: new Set(found.filter(({ isDue }) => !isDue).map(({ day }) => day)),
  };
}
