import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { countDay, noteLevels } from '../../entities/analytics/count-day';
import {
  daysToCount,
  finishAgain,
  finishDay,
  type DaysToCount,
} from '../../entities/analytics/days-to-count';
import { FIGURE_SOURCES, type FigureSource } from '../../entities/analytics/figures';
import { keepTracking } from '../../entities/analytics/keep-partitions';
import { readKnownLevels } from '../../entities/analytics/read-levels';
import { addDays, businessDay, minuteOf } from '../../entities/calendar/business-day';
import { withLongTransaction } from '../../platform/long-transaction';
import { withTransaction } from '../../platform/transaction';
import { NEEDS_ATTENTION } from '../../workflows/shared/attention.contract';
import type { PlainWork } from './job.activities';

/** For how many days the rows are kept that figures are counted from. */
export interface RollUpSettings {
  readonly trackingKeptDays: number;
  readonly smsKeptDays: number;
}

/** After so long the next run goes on. */
const LONGEST_MS = 8 * 60_000;
/** A day of millions of events takes some seconds, and locks nothing that others need. */
const DAY_LIMIT_MS = 60_000;
const COUNT_LIMIT_MS = 5_000;

/** Where a run is: the source, the next day of it, and how many days were counted so far. */
interface Progress {
  readonly at: number;
  readonly days: DaysToCount | null;
  readonly counted: number;
}

/**
 * Counts the figures of today, and of days that something may have changed. Each day of a source is a transaction, which also
 * notes that it is done. So a run that is killed repeats one day at most, with the same result.
 */
export function rollUpAnalytics(database: DataSource, settings: RollUpSettings): PlainWork {
  const keptDays: Readonly<Record<FigureSource, number | null>> = {
    orders: null,
    sms: settings.smsKeptDays,
    tracking: settings.trackingKeptDays,
  };

  const countOne = (source: FigureSource, day: string) =>
    withLongTransaction(database, { statementTimeoutMs: DAY_LIMIT_MS }, async (transaction) => {
      await countDay(transaction, source, day);
      await finishDay(transaction, source, day);
    });

  return async ({ kept, keep, throwIfOver }) => {
    const now = new Date();
    const until = now.getTime() + LONGEST_MS;
    let progress = (kept ?? { at: 0, days: null, counted: 0 }) as Progress;
    if (progress.at === 0 && progress.days === null) {
      await withTransaction(database, (transaction) => keepTracking(transaction, businessDay(now)));
    }
    for (let source = FIGURE_SOURCES[progress.at]; source; source = FIGURE_SOURCES[progress.at]) {
      const of = source;
      const span = { now, keptDays: keptDays[of] };
      const days =
        progress.days ??
        (await withTransaction(database, (transaction) => daysToCount(transaction, of, span)));
      for (let day = days.from; day <= days.to; day = addDays(day, 1)) {
        throwIfOver();
        if (Date.now() > until) return { days: progress.counted, isComplete: false };
        await countOne(of, day);
        progress = { ...progress, days: { ...days, from: addDays(day, 1) }, counted: progress.counted + 1 };
        keep(progress);
      }
      if (days.isAgain) {
        await withTransaction(database, (transaction) => finishAgain(transaction, of, now));
      }
      progress = { at: progress.at + 1, days: null, counted: progress.counted };
      keep(progress);
    }
    const attention = await countAttention();
    await withTransaction(database, async (transaction) => {
      const levels = {
        ...(await readKnownLevels(transaction)),
        ...(attention === null ? {} : { attention }),
      };
      const at = { day: businessDay(now), hour: Math.floor(minuteOf(now) / 60) };
      await noteLevels(transaction, at, levels);
    });
    return { days: progress.counted, isComplete: true, attention };
  };
}

/** How many workflows wait for a person; null when Temporal cannot tell. The figure then keeps its age. */
async function countAttention(): Promise<number | null> {
  const client = getClient();
  try {
    const { count } = await client.withDeadline(Date.now() + COUNT_LIMIT_MS, () =>
      client.workflow.count(`${NEEDS_ATTENTION.name} = true AND ExecutionStatus = 'Running'`),
    );
    return count;
  } catch (error) {
    log.warn('workflows that need a person could not be counted', { error });
    return null;
  }
}
