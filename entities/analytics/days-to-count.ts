import { addDays, businessDay, type BusinessDay } from '../calendar/business-day';
import { instant, nullable, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import type { AnalyticsSource } from './analytics-source';
import { FIGURE_SOURCES, type FigureSource } from './figures';

/** Reports of deliveries and events of browsers may come so many days late. */
const AGAIN_DAYS = 3;
const AGAIN_EVERY_MS = 3_600_000;
/** Nobody looks at older days. */
const HISTORY_DAYS = 1_095;

const FIRST_DAYS: Readonly<Record<FigureSource, string>> = {
  orders: `(SELECT min(created_at) FROM events
    WHERE type IN ('order.created', 'order.payment_opened', 'order.payment_unavailable', 'order.paid', 'order.payment_refunded'))`,
  sms: `least((SELECT min(started_at) FROM sms_attempts),
    (SELECT min(called_at) FROM campaign_batches WHERE called_at IS NOT NULL))`,
  tracking: `(SELECT min(day)::timestamp AT TIME ZONE 'Asia/Tehran' FROM tracking_events)`,
};

const BEGIN = statement(
  `INSERT INTO analytics_sources (source, complete_from)
   SELECT source, greatest($2::date, coalesce((first AT TIME ZONE 'Asia/Tehran')::date, $1::date))
   FROM (VALUES ${FIGURE_SOURCES.map((source) => `('${source}', ${FIRST_DAYS[source]})`).join(', ')}) AS s (source, first)
   ON CONFLICT DO NOTHING`,
);

type State = Omit<AnalyticsSource, 'presentDay' | 'presentXid' | 'presentAt'>;

const READ = statement<State>(
  `UPDATE analytics_sources SET complete_from = greatest(complete_from, $2::date),
     rebuild_from = CASE WHEN rebuild_from IS NOT NULL THEN greatest(rebuild_from, complete_from, $2::date) END
   WHERE source = $1
   RETURNING source, complete_from::text AS "completeFrom", rolled_to::text AS "rolledTo", again_at AS "againAt",
     rebuild_from::text AS "rebuildFrom"`,
  {
    source: text,
    completeFrom: text,
    rolledTo: nullable(text),
    againAt: nullable(instant),
    rebuildFrom: nullable(text),
  },
);

/** What must be counted of a source: days up to today, which is not over. */
export interface DaysToCount {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  /** Whether the last days are counted again. */
  readonly isAgain: boolean;
}

/**
 * The days of a source that must be counted (again). Days whose rows retention has removed, or may have, are not among them: they
 * keep the figures that they have.
 *
 * @param keptDays for how many days the rows of the source are kept; null: for ever
 */
export async function daysToCount(
  transaction: Transaction,
  source: FigureSource,
  { now, keptDays }: { readonly now: Date; readonly keptDays: number | null },
): Promise<DaysToCount> {
  const today = businessDay(now);
  const oldest = addDays(today, -HISTORY_DAYS);
  await rows(transaction, BEGIN, [today, oldest]);
  // The day that is being removed is no longer whole.
  const kept = keptDays === null ? oldest : addDays(today, 1 - keptDays);
  const state = (await row(transaction, READ, [source, kept]))!;
  const isAgain = state.againAt === null || now.getTime() - state.againAt.getTime() >= AGAIN_EVERY_MS;
  const last = state.rolledTo === null || state.rolledTo > today ? today : state.rolledTo;
  const due = state.rolledTo === null ? state.completeFrom : isAgain ? addDays(last, -AGAIN_DAYS) : last;
  const from = [due, state.rebuildFrom ?? due].toSorted()[0]!;
  return { from: from < state.completeFrom ? state.completeFrom : from, to: today, isAgain };
}

const FINISH_DAY = statement(
  `UPDATE analytics_sources SET rolled_to = greatest(rolled_to, $2::date),
     rebuild_from = CASE
       WHEN rebuild_from <> $2::date THEN rebuild_from
       WHEN rebuild_from IS NOT NULL AND $2::date < rolled_to THEN $2::date + 1
     END
   WHERE source = $1`,
);

/** Notes that a day is counted. */
export async function finishDay(
  transaction: Transaction,
  source: FigureSource,
  day: BusinessDay,
): Promise<void> {
  await rows(transaction, FINISH_DAY, [source, day]);
}

const FINISH_AGAIN = statement('UPDATE analytics_sources SET again_at = $2 WHERE source = $1');

/** Notes that the last days are counted again. */
export async function finishAgain(transaction: Transaction, source: FigureSource, at: Date): Promise<void> {
  await rows(transaction, FINISH_AGAIN, [source, at]);
}

const COUNT_AGAIN = statement(
  `UPDATE analytics_sources SET rebuild_from = least(rebuild_from, $2::date - 1)
   WHERE source = $1 AND $2::date BETWEEN complete_from AND rolled_to AND $2::date <= $3::date - ${AGAIN_DAYS}
     AND (rebuild_from IS NULL OR rebuild_from >= $2::date)`,
);

/**
 * Has a day counted again because its rows have changed, if that does not happen anyway. It marks the day before: a count of the day that is
 * under way has not seen the change, and takes away only the mark of its own day.
 */
export async function countAgain(
  transaction: Transaction,
  source: FigureSource,
  { day, now }: { readonly day: BusinessDay; readonly now: Date },
): Promise<void> {
  await rows(transaction, COUNT_AGAIN, [source, day, businessDay(now)]);
}

const REBUILD = statement(
  'UPDATE analytics_sources SET rebuild_from = least(rebuild_from, $1::date) WHERE rolled_to >= $1::date',
);

/** Has all days from one on counted again with the next run. Days whose rows are gone keep their figures. */
export async function rebuildFrom(transaction: Transaction, actor: Actor, day: BusinessDay): Promise<void> {
  await rows(transaction, REBUILD, [day]);
  await audited(transaction, actor, {
    action: 'analytics.rebuild',
    object: { type: 'analytics', id: null },
    details: { from: day },
  });
}
