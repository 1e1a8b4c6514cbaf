import { getClient, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DataSource } from 'typeorm';

import { countDay, countPresentDay, noteLevels } from '../../entities/analytics/count-day';
import {
  daysToCount,
  finishAgain,
  finishDay,
  type DaysToCount,
} from '../../entities/analytics/days-to-count';
import { clearFailedDay, markFailedDay, readFailedDays } from '../../entities/analytics/failed-days';
import { FIGURE_SOURCES, type FigureSource } from '../../entities/analytics/figures';
import { keepTracking } from '../../entities/analytics/keep-partitions';
import { readKnownLevels } from '../../entities/analytics/read-levels';
import { addDays, businessDay, minuteOf, type BusinessDay } from '../../entities/calendar/business-day';
import type { Transaction } from '../../entities/sql';
import { withLongTransaction } from '../../platform/long-transaction';
import { withTransaction } from '../../platform/transaction';
import { NEEDS_ATTENTION } from '../../workflows/shared/attention.contract';
import type { PlainWork } from './job.activities';

/** For how many days the rows are kept that figures are counted from. */
export interface RollUpSettings {
  readonly trackingKeptDays: number;
  readonly smsKeptDays: number;
}

/** After so long the next run goes on, so that one begins every five minutes and counts today first. */
const LONGEST_MS = 3 * 60_000;
/** A day of millions of events takes some seconds, and locks nothing that others need. */
const DAY_LIMIT_MS = 60_000;
const COUNT_LIMIT_MS = 5_000;

const NOT_COUNTED = 'analytics.not_counted';

/**
 * Counts the figures of today for all sources and the levels first, then days that something may have changed, then those that could
 * not be counted before. Each day of a source is a transaction, which also notes that it is done: a run that is killed loses one day
 * at most, and repeats what gives the same result. A day that fails is noted and tried again later, and keeps no other day from
 * being counted.
 */
export function rollUpAnalytics(database: DataSource, settings: RollUpSettings): PlainWork {
  const keptDays: Readonly<Record<FigureSource, number | null>> = {
    orders: null,
    sms: settings.smsKeptDays,
    tracking: settings.trackingKeptDays,
  };

  const inLongTransaction = (work: (transaction: Transaction) => Promise<void>) =>
    withLongTransaction(database, { statementTimeoutMs: DAY_LIMIT_MS }, work);

  async function countPast(source: FigureSource, day: BusinessDay, now: Date): Promise<boolean> {
    const isCounted = await tryDay(source, day, () =>
      inLongTransaction(async (transaction) => {
        await countDay(transaction, source, day);
        await clearFailedDay(transaction, source, day);
        await finishDay(transaction, source, day);
      }),
    );
    if (!isCounted) {
      await withTransaction(database, async (transaction) => {
        await markFailedDay(transaction, source, day, now);
        await finishDay(transaction, source, day);
      });
    }
    return isCounted;
  }

  return async ({ keep, throwIfOver }) => {
    const now = new Date();
    const today = businessDay(now);
    const failed: string[] = [];
    let counted = 0;
    const note = (source: FigureSource, day: BusinessDay, isCounted: boolean) => {
      if (isCounted) counted += 1;
      else failed.push(`${source} ${day}`);
      keep(counted);
    };

    await withTransaction(database, (transaction) => keepTracking(transaction, today));
    const plans = new Map<FigureSource, DaysToCount>();
    for (const source of FIGURE_SOURCES) {
      const span = { now, keptDays: keptDays[source] };
      const plan = await withTransaction(database, (transaction) => daysToCount(transaction, source, span));
      plans.set(source, plan);
      throwIfOver();
      const count = () =>
        inLongTransaction((transaction) => countPresentDay(transaction, source, new Date()));
      note(source, today, await tryDay(source, today, count));
    }
    const attention = await countAttention();
    await noteLevelsOf(database, now, attention);

    const began = Date.now();
    let isComplete = true;
    for (const [place, source] of FIGURE_SOURCES.entries()) {
      const plan = plans.get(source)!;
      const { due, waiting } = await withTransaction(database, (transaction) =>
        readFailedDays(transaction, source, now),
      );
      // What one source has much of must not keep the others from their turn.
      const until = began + (LONGEST_MS * (place + 1)) / FIGURE_SOURCES.length;
      const isLate = () => Date.now() > until;
      let day = plan.from;
      for (; day < today && !isLate(); day = addDays(day, 1)) {
        throwIfOver();
        if (!waiting.has(day)) note(source, day, await countPast(source, day, now));
        else await withTransaction(database, (transaction) => finishDay(transaction, source, day));
      }
      if (day < today) {
        isComplete = false;
        continue;
      }
      await withTransaction(database, async (transaction) => {
        await finishDay(transaction, source, today);
        if (plan.isAgain) await finishAgain(transaction, source, now);
      });
      for (const again of due) {
        if (isLate() || (again >= plan.from && again < today)) continue;
        throwIfOver();
        note(source, again, await countPast(source, again, now));
      }
    }
    if (failed.length > 0) {
      throw ApplicationFailure.nonRetryable(
        `could not be counted: ${failed.slice(0, 10).join(', ')}`,
        NOT_COUNTED,
      );
    }
    return { days: counted, isComplete, attention };
  };
}

/** Tries twice, unless it took too long. Says whether it could be counted. */
async function tryDay(source: FigureSource, day: BusinessDay, count: () => Promise<void>): Promise<boolean> {
  try {
    await count().catch((error: unknown) => (tookTooLong(error) ? Promise.reject(error) : count()));
    return true;
  } catch (error) {
    log.error('a day could not be counted', { alert: NOT_COUNTED, source, day, error });
    return false;
  }
}

function tookTooLong(error: unknown): boolean {
  return (error as { driverError?: { code?: string } }).driverError?.code === '57014';
}

async function noteLevelsOf(database: DataSource, now: Date, attention: number | null): Promise<void> {
  await withTransaction(database, async (transaction) => {
    const levels = {
      ...(await readKnownLevels(transaction)),
      ...(attention === null ? {} : { attention }),
    };
    const at = { day: businessDay(now), hour: Math.floor(minuteOf(now) / 60) };
    await noteLevels(transaction, at, levels);
  });
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
