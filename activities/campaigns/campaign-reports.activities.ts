import { cancellationSignal, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { requireCampaignState, type CampaignState } from '../../entities/campaigns/campaign-state';
import {
  noteReportPlace,
  noteReports,
  postponeReports,
  readReportPlace,
} from '../../entities/campaigns/note-reports';
import { readSentBatch, type SentBatch } from '../../entities/campaigns/read-batch';
import { recordBulkReports } from '../../entities/campaigns/record-reports';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { CampaignReports } from '../../workflows/campaigns/campaign.steps';
import { beating } from '../beating';
import type { BulkReportOutcome } from '../sms/bulk-sms';
import type { SmsProviders } from '../sms/sms-providers';
import type { CampaignSettings } from './campaign.activities';

/** A provider that says nothing about so many calls in a row is asked another time. */
const MOST_UNANSWERED = 3;
/** An operator, and the next call of a campaign that was resumed, wait for no longer. */
const LONGEST_STEP_MS = 2 * 60_000;

/**
 * Asks providers what was delivered. The queue has two steps at once, and campaigns that send need one of them: a worker asks for one campaign
 * at a time, for a short time, and no provider that hangs is asked for long.
 */
export function createCampaignReportActivities(
  database: DataSource,
  providers: SmsProviders,
  settings: CampaignSettings,
): CampaignReports {
  async function ask(sent: SentBatch): Promise<BulkReportOutcome> {
    // The shop does not send through it any more, and has no account there.
    if (!providers.names.includes(sent.provider)) return { kind: 'reports', reports: [] };
    return providers.bulk(sent.provider).reportAll({ ...sent, sentAt: sent.calledAt });
  }

  /** Runs an operation and reads the campaign after it. */
  const changing = (
    campaignId: string,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<CampaignState> =>
    withTransaction(database, async (transaction) => {
      await work(transaction);
      const clock = { at: settings.clock().getTime(), isNightAllowed: settings.isNightAllowed };
      return requireCampaignState(transaction, campaignId, clock);
    });

  /** Asks about one call after the other, from the place where the last step has ended. */
  async function askOnwards(campaignId: string, signal: AbortSignal): Promise<CampaignState> {
    const { reports, after } = await readReportPlace(database.manager, campaignId);
    const { reportAfterMs } = settings;
    const isLast = reportAfterMs[reports + 1] === undefined;
    const until = settings.clock().getTime() + LONGEST_STEP_MS;
    let asked = after;
    let answered = after;
    let unanswered = 0;
    while (unanswered < MOST_UNANSWERED && settings.clock().getTime() < until) {
      // The step is over for Temporal, so another one may run beside this one.
      signal.throwIfAborted();
      const sent = await readSentBatch(database.manager, campaignId, asked);
      if (!sent) {
        return changing(campaignId, (transaction) =>
          noteReports(transaction, { campaignId, reports }, reportAfterMs),
        );
      }
      const outcome = await ask(sent);
      asked = sent.ordinal;
      if (outcome.kind === 'reports') {
        const { batchId, provider } = sent;
        await withTransaction(database, (transaction) =>
          recordBulkReports(transaction, {
            ...{ campaignId, batchId, provider, at: settings.clock(), reports: outcome.reports, isLast },
          }),
        );
        answered = asked;
        unanswered = 0;
      } else {
        log.warn('no reports of a call of a campaign', { batchId: sent.batchId, kind: outcome.kind });
        unanswered += 1;
      }
    }
    const isSilent = unanswered === MOST_UNANSWERED;
    const place = { reports, after: isSilent ? answered : asked };
    return changing(campaignId, (transaction) =>
      noteReportPlace(transaction, { campaignId, ...place, isSilent }, reportAfterMs),
    );
  }

  let isAsking = false;
  return {
    async readCampaignReports({ campaignId }) {
      // The workflow must go on meanwhile: it may have to send, or to answer an operator.
      if (isAsking) return changing(campaignId, (transaction) => postponeReports(transaction, campaignId));
      const signal = cancellationSignal();
      isAsking = true;
      try {
        return await beating(() => askOnwards(campaignId, signal));
      } finally {
        isAsking = false;
      }
    },
  };
}
