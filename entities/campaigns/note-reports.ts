import { recordEvents } from '../events/record-events';
import { boolean, integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { CAMPAIGN } from './campaigns.events';
import { REPORT_MEANWHILE_MS } from './keep-results';
import { countRecipients, lockCampaign, type LockedCampaign } from './lock-campaign';

/** How far it was asked what was delivered: so many times before, and about the calls until this one now. */
export interface ReportPlace {
  readonly reports: number;
  readonly after: number;
}

const PLACE = statement<ReportPlace>('SELECT reports, report_after AS after FROM campaigns WHERE id = $1', {
  reports: integer,
  after: integer,
});

/** Reads where the next question begins. */
export async function readReportPlace(transaction: Transaction, campaignId: string): Promise<ReportPlace> {
  return (await row(transaction, PLACE, [campaignId])) ?? { reports: 0, after: 0 };
}

const ENDED = statement<{ endedAt: number }>(
  `SELECT floor(extract(epoch FROM finished_at) * 1000)::bigint AS "endedAt" FROM campaigns WHERE id = $1 AND finished_at IS NOT NULL`,
  { endedAt: integer },
);

const NEXT = statement(
  'UPDATE campaigns SET reports = reports + 1, report_after = 0, report_at = $2 WHERE id = $1',
);

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
  'UPDATE campaigns SET report_after = 0, report_at = $2 WHERE id = $1 AND report_at IS NOT NULL',
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

const LATER = statement(
  `UPDATE campaigns SET report_at = now() + $2 * interval '1 millisecond', report_after = coalesce($3, report_after)
   WHERE id = $1 AND report_at IS NOT NULL`,
);

const KNOWS_NO_MORE = statement<{ isSo: boolean }>(
  `SELECT coalesce(coalesce(finished_at, paused_at) < now() - interval '48 hours', false) AS "isSo" FROM campaigns WHERE id = $1`,
  { isSo: boolean },
);

/** Others have their turn meanwhile. */
const NEXT_STEP_MS = 30_000;
/** Shorter, so that who waits comes before who has just asked. */
const BEHIND_OTHERS_MS = 20_000;
const AFTER_SILENCE_MS = 30 * 60_000;

/**
 * Notes how far it was asked what was delivered, before all was asked: the question goes on from there, and does not count before its end. A
 * provider that says nothing is left alone for a while. Two days after the end of the campaign, or its pause, silence counts as an answer.
 *
 * @param reportAfterMs as of {@link noteReports}
 */
export async function noteReportPlace(
  transaction: Transaction,
  {
    campaignId,
    reports,
    after,
    isSilent,
  }: ReportPlace & {
    readonly campaignId: string;
    readonly isSilent: boolean;
  },
  reportAfterMs: readonly number[],
): Promise<void> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.reports !== reports) return;
  if (isSilent && (await row(transaction, KNOWS_NO_MORE, [campaignId]))!.isSo) {
    return noteReports(transaction, { campaignId, reports }, reportAfterMs);
  }
  await rows(transaction, LATER, [campaignId, isSilent ? AFTER_SILENCE_MS : NEXT_STEP_MS, after]);
}

/** Lets a campaign wait while it is asked for the deliveries of another one. */
export async function postponeReports(transaction: Transaction, campaignId: string): Promise<void> {
  await rows(transaction, LATER, [campaignId, BEHIND_OTHERS_MS, null]);
}
