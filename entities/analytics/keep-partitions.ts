import { addDays, type BusinessDay } from '../calendar/business-day';
import { boolean, integer, nullable, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** So many days may pass without the job before a request has to make its own partition. */
const DAYS_AHEAD = 7;

const MAKE = statement<{ made: boolean }>('SELECT make_tracking_partition($1::date) AS made', {
  made: boolean,
});

/** Makes the partitions of these days where there are none. */
export async function makePartitions(
  transaction: Transaction,
  days: Iterable<BusinessDay>,
): Promise<{ readonly made: number }> {
  let made = 0;
  for (const day of days) if ((await row(transaction, MAKE, [day]))!.made) made += 1;
  return { made };
}

const FORGET_SALTS = statement('DELETE FROM tracking_salts WHERE day < $1::date');

const FORGET_PRESENT = statement(`DELETE FROM tracking_present WHERE minute < now() - interval '10 minutes'`);

/** Makes the partitions of the coming days, forgets who was there, and forgets the salts of days of which no event can come any more. */
export async function keepTracking(
  transaction: Transaction,
  today: BusinessDay,
): Promise<{ readonly made: number }> {
  await rows(transaction, FORGET_PRESENT);
  await rows(transaction, FORGET_SALTS, [addDays(today, -1)]);
  return makePartitions(
    transaction,
    Array.from({ length: DAYS_AHEAD + 2 }, (_, ahead) => addDays(today, ahead - 1)),
  );
}

const OLDEST = statement<{ day: BusinessDay | null }>(
  `SELECT to_date(min(c.relname), '"events_"YYYYMMDD')::text AS day
   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'tracking_events'::regclass`,
  { day: nullable(text) },
);

/** The day of the oldest events that there is room for. */
export const oldestPartition = async (transaction: Transaction): Promise<BusinessDay | null> =>
  (await row(transaction, OLDEST))!.day;

const DROP = statement<{ dropped: number }>('SELECT drop_tracking_partitions($1::date) AS dropped', {
  dropped: integer,
});

const KEEP_COUNTS = statement(
  `UPDATE analytics_sources SET complete_from = greatest(complete_from, $1::date) WHERE source = 'tracking'`,
);

/** Removes the events of the days before one. The figures of these days stay as they are from now on. */
export async function dropPartitions(
  transaction: Transaction,
  before: BusinessDay,
): Promise<{ readonly dropped: number }> {
  await rows(transaction, KEEP_COUNTS, [before]);
  return (await row(transaction, DROP, [before]))!;
}

/** Whether an event could not be stored because its day has no partition. */
export function lacksPartition(error: unknown): boolean {
  const { driverError } = error as { driverError?: { code?: string; message?: string } };
  return (
    driverError?.code === '23514' && driverError.message?.startsWith('no partition of relation') === true
  );
}
