import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { CAMPAIGN } from './campaigns.events';
import {
  budgetRoom,
  handedOver,
  lockCampaign,
  moveCampaign,
  pauseCampaign,
  type LockedCampaign,
} from './lock-campaign';
import { estimateCampaign, MOST_RECIPIENTS, type CampaignPrices } from './price-campaign';

/** A campaign that somebody of the staff, or an operator, wants to steer. */
export interface CampaignAt {
  readonly campaignId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const LATEST_START_MS = 90 * 86_400_000;

const APPROVE = statement(
  `UPDATE campaigns SET approved_by = $2, approved_recipients = $3, approved_text = $4, approved_max_cost = $5 WHERE id = $1`,
);

/**
 * Agrees to a campaign that somebody else has written. One whose audience has grown too large may be approved while it is paused.
 *
 * @param version the version that the person has seen
 * @returns whether it was not approved before
 * @throws AppError `campaigns.not_found`, `campaigns.version_moved`, `campaigns.own_approval`, `campaigns.over`
 */
export async function approveCampaign(
  transaction: Transaction,
  {
    campaignId,
    accountId,
    version,
  }: { readonly campaignId: string; readonly accountId: string; readonly version: number },
  prices: CampaignPrices,
): Promise<boolean> {
  const campaign = await lockCampaign(transaction, campaignId);
  const isOutgrown = campaign.isGathered && needsApproval(campaign);
  if (
    campaign.approvedBy === accountId &&
    !(isOutgrown || (campaign.status === 'draft' && campaign.version === version))
  )
    return false;
  if (campaign.version !== version)
    throw new AppError('campaigns.version_moved', { version: campaign.version });
  assertThat(campaign.status !== 'done' && campaign.status !== 'cancelled', 'campaigns.over');
  const isAuthor = campaign.createdBy === accountId || campaign.changedBy === accountId;
  assertThat(!isAuthor, 'campaigns.own_approval');
  const isDraft = campaign.status === 'draft';
  const estimate = isDraft ? await estimateCampaign(transaction, campaign, prices) : undefined;
  const recipients =
    estimate?.recipients ?? (campaign.isGathered ? campaign.recipients : (campaign.approvedRecipients ?? 0));
  await rows(transaction, APPROVE, [
    ...[campaignId, accountId, recipients, estimate?.template ?? campaign.text, campaign.maxCost],
  ]);
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.approved', payload: {} });
  return true;
}

const SCHEDULE = statement(
  `UPDATE campaigns SET status = 'scheduled', starts_at = $2, segments = $3, segment_price = $4, approval_above = $5, text = $6,
     estimated_recipients = $7
   WHERE id = $1`,
);

const LOCK_SCHEDULES = statement(
  `SELECT FROM pg_advisory_xact_lock(hashtextextended('campaign-schedules', 0))`,
);

/** How many get campaigns of one person alone within a day of $2. A campaign that was cancelled counts with what has gone out. */
const UNAPPROVED = statement<{ recipients: number }>(
  `SELECT coalesce(sum(CASE WHEN status = 'cancelled' THEN handed + accepted + delivered + failed + ambiguous
     ELSE greatest(recipients, estimated_recipients) END), 0) AS recipients
   FROM campaigns
   WHERE id <> $1 AND approved_by IS NULL AND starts_at IS NOT NULL
     AND coalesce(started_at, starts_at) BETWEEN $2::timestamptz - interval '1 day' AND $2::timestamptz + interval '1 day'`,
  { recipients: integer },
);

/** When a campaign shall begin; null for at once. */
export interface ScheduleCampaign extends CampaignAt {
  readonly version: number;
  readonly startsAt: Date | null;
}

/**
 * Fixes a draft with its price and lets it begin at its time. One that was scheduled before stays so.
 *
 * @returns whether it has changed
 * @throws AppError `campaigns.not_found`, `campaigns.version_moved`, `campaigns.not_draft`, `campaigns.starts_late`,
 *   `campaigns.no_table`, `campaigns.nobody`, `campaigns.too_many`, `campaigns.approval_needed`, `campaigns.budget_spent`, those of
 *   `requireCampaignText`
 */
export async function scheduleCampaign(
  transaction: Transaction,
  { campaignId, version, startsAt, at }: ScheduleCampaign,
  prices: CampaignPrices,
): Promise<boolean> {
  await rows(transaction, LOCK_SCHEDULES, []);
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'draft' && campaign.status !== 'cancelled') return false;
  assertThat(campaign.status === 'draft', 'campaigns.not_draft');
  if (campaign.version !== version)
    throw new AppError('campaigns.version_moved', { version: campaign.version });
  const begins = startsAt ?? new Date(at);
  assertThat(begins.getTime() <= at + LATEST_START_MS, 'campaigns.starts_late');
  assertThat(campaign.audience === 'filter' || campaign.hasUpload, 'campaigns.no_table');
  const { recipients, segments, template } = await estimateCampaign(transaction, campaign, prices);
  assertThat(recipients > 0, 'campaigns.nobody');
  assertThat(recipients <= MOST_RECIPIENTS, 'campaigns.too_many');
  const { segmentPrice, approvalAbove } = prices;
  const isApproved = covers(campaign, recipients) && campaign.approvedText === template;
  // A large audience that is split into small campaigns is still a large one.
  const others = (await row(transaction, UNAPPROVED, [campaignId, begins]))!.recipients;
  assertThat(recipients + others <= approvalAbove || isApproved, 'campaigns.approval_needed');
  assertThat(budgetRoom({ ...campaign, segments, segmentPrice }) > 0, 'campaigns.budget_spent');
  await rows(transaction, SCHEDULE, [
    campaignId,
    begins,
    segments,
    segmentPrice,
    approvalAbove,
    template,
    recipients,
  ]);
  const payload = { startsAt: begins.toISOString() };
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.scheduled', payload });
  return true;
}

/**
 * Lets nothing more go out until somebody resumes the campaign. What was handed to a provider is not called back. One that is paused
 * stays so.
 *
 * @returns whether it has changed
 * @throws AppError `campaigns.not_found`, `campaigns.not_running`
 */
export async function holdCampaign(transaction: Transaction, { campaignId }: CampaignAt): Promise<boolean> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status === 'paused') return false;
  assertThat(campaign.status === 'running', 'campaigns.not_running');
  await pauseCampaign(transaction, campaign, 'staff');
  return true;
}

const REST = statement('UPDATE campaigns SET not_before = NULL, failures = 0 WHERE id = $1');

/**
 * Lets a paused campaign go on. One that runs stays so.
 *
 * @returns whether it has changed
 * @throws AppError `campaigns.not_found`, `campaigns.not_paused`, `campaigns.approval_needed`, `campaigns.budget_spent`
 */
export async function resumeCampaign(transaction: Transaction, { campaignId }: CampaignAt): Promise<boolean> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status === 'running') return false;
  assertThat(campaign.status === 'paused', 'campaigns.not_paused');
  assertThat(!needsApproval(campaign), 'campaigns.approval_needed');
  assertThat(campaign.pauseReason !== 'budget' || budgetRoom(campaign) > 0, 'campaigns.budget_spent');
  await moveCampaign(transaction, campaignId, { to: 'running' });
  await rows(transaction, REST, [campaignId]);
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.resumed', payload: {} });
  return true;
}

/** Whether more people would get it than its author alone may send to. */
export function needsApproval(
  campaign: Pick<
    LockedCampaign,
    'isGathered' | 'recipients' | 'approvalAbove' | 'approvedBy' | 'approvedRecipients'
  >,
): boolean {
  const { isGathered, recipients, approvalAbove } = campaign;
  return isGathered && approvalAbove !== null && recipients > approvalAbove && !covers(campaign, recipients);
}

/** Whether somebody else has agreed to so many. */
function covers(
  { approvedBy, approvedRecipients }: Pick<LockedCampaign, 'approvedBy' | 'approvedRecipients'>,
  recipients: number,
): boolean {
  return approvedBy !== null && recipients <= (approvedRecipients ?? 0);
}

/**
 * Ends a campaign before all have got it. What a provider has is not called back. One that was cancelled before stays so.
 *
 * @returns whether it has changed
 * @throws AppError `campaigns.not_found`, `campaigns.over`
 */
export async function cancelCampaign(
  transaction: Transaction,
  { campaignId, at }: CampaignAt,
): Promise<boolean> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status === 'cancelled') return false;
  assertThat(campaign.status !== 'done', 'campaigns.over');
  const hasReports = handedOver(campaign) > 0;
  await moveCampaign(transaction, campaignId, {
    to: 'cancelled',
    endedAt: new Date(at),
    // Nobody knows when the last message went out. It is asked again later.
    ...(hasReports && { reportAt: new Date(at) }),
  });
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.cancelled', payload: {} });
  return true;
}

/**
 * Ends a locked campaign of which nothing is left to send or to look for.
 *
 * @param firstReportMs after how long it is first asked what was delivered
 */
export async function finishCampaign(
  transaction: Transaction,
  campaign: LockedCampaign,
  { at, firstReportMs }: { readonly at: Date; readonly firstReportMs: number },
): Promise<void> {
  const reportAt = new Date(at.getTime() + firstReportMs);
  await moveCampaign(transaction, campaign.id, { to: 'done', endedAt: at, reportAt });
  const { recipients, pending, handed, accepted, delivered, failed, ambiguous, suppressed } = campaign;
  const payload = { recipients, pending, handed, accepted, delivered, failed, ambiguous, suppressed };
  await recordEvents(transaction, CAMPAIGN, campaign.id, { type: 'campaign.done', payload });
}
