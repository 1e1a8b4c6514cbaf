import { ApplicationFailure, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { DataSource } from 'typeorm';

import { requireCampaignState, type CampaignState } from '../../entities/campaigns/campaign-state';
import { readSentBatch, type SentBatch } from '../../entities/campaigns/read-batch';
import { noteReports, readReportCount, recordBulkReports } from '../../entities/campaigns/record-reports';
import { withTransaction } from '../../platform/transaction';
import type { CampaignReports } from '../../workflows/campaigns/campaign.steps';
import { beating, type Progress } from '../beating';
import type { BulkReportOutcome } from '../sms/bulk-sms';
import type { SmsProviders } from '../sms/sms-providers';
import type { CampaignSettings } from './campaign.activities';

/** A provider that says nothing about so many calls in a row is asked another time. */
const MOST_UNANSWERED = 3;
const WAIT_FOR_OTHERS = '2 seconds';

/** How far an earlier attempt has come: it had asked so many times before, and about the calls until this one now. */
interface Place {
  readonly reports: number;
  readonly after: number;
}

/**
 * Asks providers what was delivered. The queue has two steps at once, and campaigns that send need one of them: a worker asks for one campaign
 * at a time, and no provider that hangs is asked for long.
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

  async function askForAll(campaignId: string, { kept, keep }: Progress): Promise<CampaignState> {
    const begin = async () => ({ reports: await readReportCount(database.manager, campaignId), after: 0 });
    const { reports, ...place } = (kept ?? (await begin())) as Place;
    const { reportAfterMs } = settings;
    const isLast = reportAfterMs[reports + 1] === undefined;
    let unanswered = 0;
    for (let { after } = place; unanswered < MOST_UNANSWERED;) {
      const sent = await readSentBatch(database.manager, campaignId, after);
      if (!sent) break;
      const outcome = await ask(sent);
      // What has no answer is asked again the next time.
      if (outcome.kind === 'reports') {
        const { batchId, provider } = sent;
        await withTransaction(database, (transaction) =>
          recordBulkReports(transaction, {
            ...{ campaignId, batchId, provider, at: settings.clock(), reports: outcome.reports, isLast },
          }),
        );
      } else log.warn('no reports of a call of a campaign', { batchId: sent.batchId, kind: outcome.kind });
      unanswered = outcome.kind === 'reports' ? 0 : unanswered + 1;
      after = sent.ordinal;
      keep({ reports, after });
    }
    return withTransaction(database, async (transaction) => {
      await noteReports(transaction, { campaignId, reports }, reportAfterMs);
      const clock = { at: settings.clock().getTime(), isNightAllowed: settings.isNightAllowed };
      return requireCampaignState(transaction, campaignId, clock);
    });
  }

  let isAsking = false;
  return {
    async readCampaignReports({ campaignId }) {
      if (isAsking) {
        throw ApplicationFailure.create({
          message: 'this worker asks for the deliveries of another campaign',
          nextRetryDelay: WAIT_FOR_OTHERS,
          category: ApplicationFailureCategory.BENIGN,
        });
      }
      isAsking = true;
      try {
        return await beating((progress) => askForAll(campaignId, progress));
      } finally {
        isAsking = false;
      }
    },
  };
}
