import { countAgain } from '../analytics/days-to-count';
import { businessDay } from '../calendar/business-day';
import { instant, integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { BulkReport } from './bulk-outcome';
import { countRecipients, lockCampaign } from './lock-campaign';

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

const CALLED = statement<{ calledAt: Date }>(
  'SELECT called_at AS "calledAt" FROM campaign_batches WHERE id = $1 AND called_at IS NOT NULL',
  { calledAt: instant },
);

/** Keeps what became of messages of one call. Reports only move a delivery forward. Figures of the call's day follow what failed. */
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
  const called = failed > 0 ? await row(transaction, CALLED, [batchId]) : undefined;
  if (called) await countAgain(transaction, 'sms', { day: businessDay(called.calledAt), now: at });
}
