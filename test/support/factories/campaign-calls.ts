import type { DataSource } from 'typeorm';

import type { BatchStatus, RecipientStatus } from '../../../entities/campaigns/campaign-status';
import { newId } from '../../../entities/values/uuid';
import { rows } from '../sql';
import { buildDraft, buildWilling } from './campaigns';

interface CampaignCall {
  readonly status: BatchStatus;
  readonly provider?: string;
  /** What became of those of its messages that were not given back. */
  readonly messages?: readonly RecipientStatus[];
  readonly size?: number;
  /** Null: the provider was never called. */
  readonly calledAt?: Date | null;
}

/** A call of a campaign of its own, as its rows stand after the answer. */
export async function buildCampaignCall(
  database: DataSource,
  { status, provider = 'sms-ir', messages = [], size = messages.length, calledAt = new Date() }: CampaignCall,
): Promise<{ readonly id: string }> {
  const [campaign, batchId] = [await buildDraft(database), newId()];
  await rows(
    database.manager,
    `INSERT INTO campaign_batches (id, campaign_id, ordinal, provider, size, status, outcome_class, find_at, answered_at, called_at, started_at)
     SELECT $1, $2, 1, $3, $4, status, CASE WHEN status = 'refused' THEN 'overload' END, CASE WHEN status = 'unknown' THEN now() END,
       CASE WHEN status <> 'sending' THEN now() END, $6::timestamptz, coalesce($6, now()) FROM (VALUES ($5::text)) AS s (status)`,
    [batchId, campaign.id, provider, size, status, calledAt],
  );
  const people = await buildWilling(database, messages.length);
  await rows(
    database.manager,
    `INSERT INTO campaign_recipients (campaign_id, account_id, status, reason, batch_id, provider_message_id, delivered_at)
     SELECT $1, account, status, CASE WHEN status = 'suppressed' THEN 'refused' END, $2,
       CASE WHEN status IN ('accepted', 'delivered', 'failed') THEN account::text END, CASE WHEN status = 'delivered' THEN now() END
     FROM unnest($3::uuid[], $4::text[]) AS m (account, status)`,
    [campaign.id, batchId, people.map(({ id }) => id), messages],
  );
  return { id: batchId };
}
