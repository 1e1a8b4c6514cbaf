import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { BulkReport } from './bulk-outcome';
import { CAMPAIGN } from './campaigns.events';
import { REPORT_MEANWHILE_MS } from './keep-results';
import { countRecipients, lockCampaign, type LockedCampaign } from './lock-campaign';

/** What a provider says of messages of one call. */
export interface RecordBulkReports {
  readonly campaignId: string;
  readonly batchId: string;
  readonly provider: string;
  readonly at: Date;
  readonly reports: readonly BulkReport[];
  /** Whether nobody asks again: what could not be delivered so far, will not be. */
  readonly isLast: boolean;
}

const LOCK_STOPPED = statement(
  `SELECT FROM accounts WHERE id IN (
     SELECT account_id FROM campaign_recipients WHERE batch_id = $1 AND provider_message_id = ANY ($2))
   ORDER BY id FOR KEY SHARE`,
);

const DELIVER = statement<{ delivered: number; failed: number }>(
  `WITH said AS (
     SELECT id, state, code, class FROM jsonb_to_recordset($2::jsonb) AS w(id text, state text, code text, class text)
   ), moved AS (
     UPDATE campaign_recipients r SET status = said.state, delivery_code = left(said.code, 40),
       delivered_at = CASE WHEN said.state = 'delivered' THEN $3::timestamptz END
     FROM said WHERE r.batch_id = $1 AND r.provider_message_id = said.id AND r.status = 'accepted'
     RETURNING r.status, r.account_id, r.recipient, said.class, said.code
   ), kept AS (
     INSERT INTO campaign_suppressions AS s (account_id, recipient, provider, code)
     SELECT account_id, recipient, $4, left(code, 40) FROM moved WHERE class = 'stop' AND recipient IS NOT NULL ORDER BY account_id
     ON CONFLICT (account_id) DO UPDATE SET recipient = excluded.recipient, provider = excluded.provider, code = excluded.code,
       created_at = now()
   )
   SELECT count(*) FILTER (WHERE status = 'delivered') AS delivered, count(*) FILTER (WHERE status = 'failed') AS failed FROM moved`,
  { delivered: integer, failed: integer },
);

/** Keeps what became of messages of one call. Reports only move a delivery forward. */
export async function recordBulkReports(
  transaction: Transaction,
  { campaignId, batchId, provider, at, reports, isLast }: RecordBulkReports,
): Promise<void> {
  const { status } = await lockCampaign(transaction, campaignId);
  // Somebody has resumed it meanwhile: it is asked again after its end.
  const isFinal = isLast && status !== 'running';
  const final = reports.flatMap(({ providerMessageId: id, state: said, code, class: stop = null }) => {
    const state = said === 'undelivered' && isFinal ? 'failed' : said;
    return state === 'delivered' || state === 'failed' ? [{ id, state, code, class: stop }] : [];
  });
  const stopped = final.filter((one) => one.class === 'stop').map(({ id }) => id);
  await rows(transaction, LOCK_STOPPED, [batchId, stopped]);
  const moved = await row(transaction, DELIVER, [batchId, JSON.stringify(final), at, provider]);
  const { delivered, failed } = moved!;
  await countRecipients(transaction, campaignId, { accepted: -delivered - failed, delivered, failed });
}

const ENDED = statement<{ endedAt: number }>(
  `SELECT floor(extract(epoch FROM finished_at) * 1000)::bigint AS "endedAt" FROM campaigns WHERE id = $1 AND finished_at IS NOT NULL`,
  { endedAt: integer },
);

const COUNT = statement<{ reports: number }>('SELECT reports FROM campaigns WHERE id = $1', {
  reports: integer,
});

/** How often it was asked what was delivered. */
export async function readReportCount(transaction: Transaction, campaignId: string): Promise<number> {
  return (await row(transaction, COUNT, [campaignId]))?.reports ?? 0;
}

const NEXT = statement('UPDATE campaigns SET reports = reports + 1, report_at = $2 WHERE id = $1');

/** How long after the last time it is asked again, while calls without an answer may still be found. */
const AFTER_LAST_MS = 30 * 60_000;

function nextReport(
  { accepted, handed }: LockedCampaign,
  endedAt: number,
  after: number | undefined,
): Date | null {
  if (after !== undefined && accepted + handed > 0) return new Date(endedAt + after);
  return handed > 0 ? new Date(Date.now() + AFTER_LAST_MS) : null;
}

const NEXT_MEANWHILE = statement(
  'UPDATE campaigns SET report_at = $2 WHERE id = $1 AND report_at IS NOT NULL',
);

/**
 * Notes that it was asked what was delivered, and when it is asked next. While a campaign runs it is asked once a day, and from the
 * beginning after its end.
 *
 * @param reportAfterMs when it is asked, in milliseconds after the end of the sending, or after the last time while it is paused
 */
export async function noteReports(
  transaction: Transaction,
  { campaignId, reports }: { readonly campaignId: string; readonly reports: number },
  reportAfterMs: readonly number[],
): Promise<void> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.reports !== reports) return;
  if (campaign.status === 'running') {
    await rows(transaction, NEXT_MEANWHILE, [campaignId, new Date(Date.now() + REPORT_MEANWHILE_MS)]);
    return;
  }
  const after = reportAfterMs[reports + 1];
  const ended = await row(transaction, ENDED, [campaignId]);
  await rows(transaction, NEXT, [campaignId, nextReport(campaign, ended?.endedAt ?? Date.now(), after)]);
  const payload = await countRecipients(transaction, campaignId, {});
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.reported', payload });
}
