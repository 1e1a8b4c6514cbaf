import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { addDays, businessDay, daysBetween, type BusinessDay } from '../../entities/calendar/business-day';
import { missingLunarYear } from '../../entities/calendar/holidays';
import { jalaliDate } from '../../entities/calendar/jalali';
import { fillCalendar } from '../../entities/calendar/shop-calendar';
import { computePolicies } from '../../entities/replenishment/compute-policies';
import { computeProfile } from '../../entities/replenishment/compute-profile';
import { daysToRollUp } from '../../entities/replenishment/days-to-roll-up';
import { findNeeds } from '../../entities/replenishment/find-needs';
import { finishRollUp, rollUpDemand } from '../../entities/replenishment/roll-up-demand';
import {
  cancelForgottenDrafts,
  remindOfDrafts,
  type WaitingDraft,
} from '../../entities/transfers/tend-drafts';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import {
  look,
  REPLENISHMENT_WORKFLOW,
  replenishmentOf,
} from '../../workflows/replenishment/replenishment.contract';
import type { ScanResult } from '../../workflows/replenishment/upkeep.contract';
import type { UpkeepSteps } from '../../workflows/replenishment/upkeep.steps';
import { beating } from '../beating';
import { alertCounter } from '../operations/alert-counter';

const VARIANTS_AT_ONCE = 2_000;
const POLICIES_AT_ONCE = 200;
const NEEDS_AT_ONCE = 500;
const SIGNALS_AT_ONCE = 16;
/** A roll-up reads the ledger of so many days at once. */
const DAYS_AT_ONCE = 31;
const CALENDAR_AHEAD_DAYS = 1_200;
const SIGNAL_LIMIT_MS = 5_000;
const DRAFTS_AT_ONCE = 100;
const HOLIDAYS_MISSING = 'calendar.holidays_missing';

export interface UpkeepSettings {
  /** How long a drafted transfer waits before somebody is reminded. */
  readonly remindOfDraftsAfterMs: number;
}

/** The steps of the jobs around reordering. What they have done is stored page by page. */
export function createUpkeepActivities(
  database: DataSource,
  metrics: Metrics,
  { remindOfDraftsAfterMs }: UpkeepSettings,
): UpkeepSteps {
  const asked = metrics.counter(
    'asoud_replenishment_scanned_needs_total',
    'Needs that the scan found and no event had told',
  );
  const alerts = alertCounter(metrics);
  const run = <Result>(work: Parameters<typeof withTransaction<Result>>[1]) =>
    withTransaction(database, work);

  /** Drafts that nobody ships: the need behind one that is cancelled is found by the scan that follows. */
  async function tendDrafts(): Promise<void> {
    const page = { limit: DRAFTS_AT_ONCE };
    const cancelled = await run((transaction) => cancelForgottenDrafts(transaction, page));
    for (const draft of cancelled) tellOfDraft('transfer.draft_cancelled', draft);
    const waiting = await run((transaction) =>
      remindOfDrafts(transaction, { ...page, afterMs: remindOfDraftsAfterMs }),
    );
    for (const draft of waiting) tellOfDraft('transfer.draft_waits', draft);
  }

  function tellOfDraft(code: string, { id, number }: WaitingDraft): void {
    alerts.inc({ code });
    log.error('a drafted transfer was not shipped', { alert: code, transferId: id, number });
  }

  async function rollUpDemandOfDays(): Promise<number> {
    const today = businessDay(new Date());
    await run((transaction) =>
      fillCalendar(transaction, { from: addDays(today, -1), days: CALENDAR_AHEAD_DAYS }),
    );
    tellMissingHolidays(alerts, today);
    const span = await run((transaction) => daysToRollUp(transaction, today));
    if (!span) return 0;
    for (let from = span.from; from <= span.to; from = addDays(from, DAYS_AT_ONCE)) {
      const end = addDays(from, DAYS_AT_ONCE - 1);
      const to = end < span.to ? end : span.to;
      await pages(async (after) => {
        const { variants, last } = await run((transaction) =>
          rollUpDemand(transaction, { from, to, after, limit: VARIANTS_AT_ONCE }),
        );
        return { count: variants, last };
      });
      await run((transaction) => finishRollUp(transaction, to));
    }
    return daysBetween(span.from, span.to) + 1;
  }

  async function lookAtNeeds(): Promise<ScanResult> {
    await tendDrafts();
    let found = 0;
    const policies = await pages(async (after) => {
      const { variantIds, looked, last } = await run((transaction) =>
        findNeeds(transaction, { after, limit: NEEDS_AT_ONCE }),
      );
      for (let at = 0; at < variantIds.length; at += SIGNALS_AT_ONCE) {
        const told = await Promise.all(variantIds.slice(at, at + SIGNALS_AT_ONCE).map(ask));
        found += told.filter(Boolean).length;
      }
      return { count: looked, last };
    });
    asked.inc(found);
    return { policies, asked: found };
  }

  return {
    rollUpDemandOfDays: () => beating(rollUpDemandOfDays),

    computeAllPolicies: () =>
      beating(async ({ kept, keep }) => {
        const today = businessDay(new Date());
        const before = kept as { readonly last: string } | undefined;
        if (!before) await run((transaction) => computeProfile(transaction, today));
        return pages(
          async (after) => {
            const { policies, last } = await run((transaction) =>
              computePolicies(transaction, { after, variantId: null, limit: POLICIES_AT_ONCE, today }),
            );
            return { count: policies, last };
          },
          { from: before?.last, keep },
        );
      }),

    lookAtNeeds: () => beating(lookAtNeeds),
  };
}

/** Tells each night, as each night's reorder points are computed without these holidays. */
function tellMissingHolidays(alerts: ReturnType<typeof alertCounter>, today: BusinessDay): void {
  const jalaliYear = missingLunarYear(jalaliDate(today));
  if (jalaliYear === null) return;
  alerts.inc({ code: HOLIDAYS_MISSING });
  log.error('the lunar holidays of a year are missing', { alert: HOLIDAYS_MISSING, jalaliYear });
}

/** Runs a page after another until one is empty, and keeps where the next attempt goes on. */
async function pages(
  work: (after: string | null) => Promise<{ readonly count: number; readonly last: string | null }>,
  { from = null, keep }: { from?: string | null | undefined; keep?: (progress: unknown) => void } = {},
): Promise<number> {
  let total = 0;
  for (let after = from; ;) {
    const { count, last } = await work(after);
    total += count;
    if (last === null) return total;
    after = last;
    keep?.({ last });
  }
}

async function ask(variantId: string): Promise<boolean> {
  try {
    const { workflow } = getClient();
    await getClient().withDeadline(Date.now() + SIGNAL_LIMIT_MS, () =>
      workflow.signalWithStart(REPLENISHMENT_WORKFLOW, { ...replenishmentOf(variantId), signal: look }),
    );
    return true;
  } catch (error) {
    log.warn('nobody could be asked to look at a variant', { variantId, error });
    return false;
  }
}
