import { log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { cancelPausedCampaigns } from '../../entities/retention/cancel-paused-campaigns';
import type { RemovedPage } from '../../entities/retention/page';
import { removeNotifications } from '../../entities/retention/remove-notifications';
import { removeOldEvents } from '../../entities/retention/remove-old-events';
import {
  blankTicketTexts,
  removeCallbacks,
  removeCampaignRecipients,
  removeCarts,
  removeCodes,
  removeJobRuns,
  removeRefusedImports,
  removeChatMessages,
  removeRequestDigests,
  removeSessions,
  removeSmsMessages,
  removeStepKeys,
  removeStockAlerts,
  removeStockNotices,
  removeSupplierReplies,
} from '../../entities/retention/remove-old-rows';
import { removeTracking } from '../../entities/retention/remove-tracking';
import type { Transaction } from '../../entities/sql';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import { alertCounter } from '../operations/alert-counter';
import type { PlainWork } from './job.activities';

/** For how many days what is kept. */
export interface RetentionSettings {
  readonly eventsKeptDays: number;
  readonly stepKeysKeptDays: number;
  readonly callbacksKeptDays: number;
  readonly sessionsKeptDays: number;
  readonly jobRunsKeptDays: number;
  readonly smsKeptDays: number;
  readonly chatKeptDays: number;
  readonly ticketsKeptDays: number;
  readonly notificationsKeptDays: number;
  readonly trackingKeptDays: number;
  readonly cartLifetimeMs: number;
}

/** After so long a person has to know: the next night begins with the oldest again. */
const LONGEST_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

type Removal = (transaction: Transaction, days: number, after: string | null) => Promise<RemovedPage>;

/** Where a run is: what was removed so far, what is left of it, and the page to begin with. */
interface Progress {
  readonly removed: Readonly<Record<string, number>>;
  readonly held: number;
  /** Names of removals. The first one is under way. */
  readonly left: readonly string[];
  readonly after: string | null;
  /** Why removals failed that are tried again after all others. */
  readonly failed: Readonly<Record<string, string>>;
}

const INCOMPLETE = 'retention.incomplete';

/** Removes what the shop no longer needs, page by page, each in a transaction of its own. A removal that fails keeps no other one away. */
export function retain(
  database: DataSource,
  settings: RetentionSettings,
  metrics: Metrics,
  longestMs = LONGEST_MS,
): PlainWork {
  const alerts = alertCounter(metrics);
  const removals = new Map<string, readonly [removal: Removal, days: number]>([
    ['jobRuns', [removeJobRuns, settings.jobRunsKeptDays]],
    ['sessions', [removeSessions, settings.sessionsKeptDays]],
    // After the sessions that name them.
    ['codes', [removeCodes, settings.sessionsKeptDays]],
    ['callbacks', [removeCallbacks, settings.callbacksKeptDays]],
    ['stepKeys', [removeStepKeys, settings.stepKeysKeptDays]],
    ['requestDigests', [removeRequestDigests, settings.stepKeysKeptDays]],
    ['carts', [removeCarts, settings.cartLifetimeMs / DAY_MS]],
    ['stockNotices', [removeStockNotices, settings.smsKeptDays]],
    // After the notices of theirs.
    ['stockAlerts', [removeStockAlerts, settings.smsKeptDays]],
    // After the notices and the carts that name them.
    ['smsMessages', [removeSmsMessages, settings.smsKeptDays]],
    ['pausedCampaigns', [cancelPausedCampaigns, settings.smsKeptDays]],
    ['campaignRecipients', [removeCampaignRecipients, settings.smsKeptDays]],
    ['supplierReplies', [removeSupplierReplies, settings.callbacksKeptDays]],
    ['refusedImports', [removeRefusedImports, settings.callbacksKeptDays]],
    ['chatMessages', [removeChatMessages, settings.chatKeptDays]],
    ['ticketTexts', [blankTicketTexts, settings.ticketsKeptDays]],
    ['notifications', [removeNotifications, settings.notificationsKeptDays]],
    ['trackingDays', [removeTracking, settings.trackingKeptDays]],
    ['events', [removeOldEvents, settings.eventsKeptDays]],
  ]);

  async function removePage(progress: Progress): Promise<Progress> {
    const { removed, held, after, failed } = progress;
    const [name, ...others] = progress.left as [string, ...string[]];
    const [removal, days] = removals.get(name)!;
    try {
      const page = await withTransaction(database, (transaction) => removal(transaction, days, after));
      return {
        removed: { ...removed, [name]: (removed[name] ?? 0) + page.removed },
        held: held + (page.held ?? 0),
        left: page.next === null ? others : progress.left,
        after: page.next,
        failed,
      };
    } catch (error) {
      log.warn('a removal failed, and the others go on', { removal: name, error });
      return { ...progress, left: others, after: null, failed: { ...failed, [name]: messageOf(error) } };
    }
  }

  /** Another version of the shop may have kept it: what is not known any more is left out. */
  function placeOf(kept: unknown): Progress {
    const known = kept as Progress | undefined;
    if (!known?.left) return { removed: {}, held: 0, left: [...removals.keys()], after: null, failed: {} };
    const left = known.left.filter((name) => removals.has(name));
    return { ...known, left, after: left[0] === known.left[0] ? known.after : null };
  }

  return async ({ kept, keep, throwIfOver }) => {
    const until = Date.now() + longestMs;
    let progress = placeOf(kept);
    while (progress.left.length > 0 && Date.now() < until) {
      throwIfOver();
      progress = await removePage(progress);
      keep(progress);
    }
    const { removed, held, left, failed } = progress;
    if (held > 0) log.warn('old events stay, because a reader of the journal has not seen them', { held });
    if (Object.keys(failed).length > 0) {
      // The next attempt tries only these.
      keep({ ...progress, left: [...Object.keys(failed), ...left], after: null, failed: {} });
      throw new Error(
        Object.entries(failed)
          .map(([name, reason]) => `${name}: ${reason}`)
          .join('; '),
      );
    }
    if (left.length > 0) {
      alerts.inc({ code: INCOMPLETE });
      log.error('not all that is old could be removed in time', { alert: INCOMPLETE, left });
    }
    return { removed, held, left, isComplete: left.length === 0 };
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
