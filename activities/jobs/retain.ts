import { log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

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
import { withTransaction } from '../../platform/transaction';
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

/** After so long the next night goes on. */
const LONGEST_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

type Removal = (transaction: Transaction, days: number, after: string | null) => Promise<RemovedPage>;

/** Where a run is: what was removed so far, and the page to begin with. */
interface Progress {
  readonly removed: Readonly<Record<string, number>>;
  readonly held: number;
  readonly at: number;
  readonly after: string | null;
}

/** Removes what the shop no longer needs, page by page, each in a transaction of its own. */
export function retain(database: DataSource, settings: RetentionSettings): PlainWork {
  const removals: readonly (readonly [name: string, removal: Removal, days: number])[] = [
    ['jobRuns', removeJobRuns, settings.jobRunsKeptDays],
    ['sessions', removeSessions, settings.sessionsKeptDays],
    // After the sessions that name them.
    ['codes', removeCodes, settings.sessionsKeptDays],
    ['callbacks', removeCallbacks, settings.callbacksKeptDays],
    ['stepKeys', removeStepKeys, settings.stepKeysKeptDays],
    ['requestDigests', removeRequestDigests, settings.stepKeysKeptDays],
    ['carts', removeCarts, settings.cartLifetimeMs / DAY_MS],
    ['stockNotices', removeStockNotices, settings.smsKeptDays],
    // After the notices of theirs.
    ['stockAlerts', removeStockAlerts, settings.smsKeptDays],
    // After the notices and the carts that name them.
    ['smsMessages', removeSmsMessages, settings.smsKeptDays],
    ['campaignRecipients', removeCampaignRecipients, settings.smsKeptDays],
    ['supplierReplies', removeSupplierReplies, settings.callbacksKeptDays],
    ['refusedImports', removeRefusedImports, settings.callbacksKeptDays],
    ['chatMessages', removeChatMessages, settings.chatKeptDays],
    ['ticketTexts', blankTicketTexts, settings.ticketsKeptDays],
    ['notifications', removeNotifications, settings.notificationsKeptDays],
    ['trackingDays', removeTracking, settings.trackingKeptDays],
    ['events', removeOldEvents, settings.eventsKeptDays],
  ];
  return async ({ kept, keep, throwIfOver }) => {
    const until = Date.now() + LONGEST_MS;
    let progress = (kept ?? { removed: {}, held: 0, at: 0, after: null }) as Progress;
    for (let next = removals[progress.at]; next && Date.now() < until; next = removals[progress.at]) {
      throwIfOver();
      const [name, removal, days] = next;
      const page = await withTransaction(database, (transaction) =>
        removal(transaction, days, progress.after),
      );
      progress = {
        removed: { ...progress.removed, [name]: (progress.removed[name] ?? 0) + page.removed },
        held: progress.held + (page.held ?? 0),
        at: page.next === null ? progress.at + 1 : progress.at,
        after: page.next,
      };
      keep(progress);
    }
    const { removed, held, at } = progress;
    if (held > 0) log.warn('old events stay, because a reader of the journal has not seen them', { held });
    return { removed, held, isComplete: at === removals.length };
  };
}
