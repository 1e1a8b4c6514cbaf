import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { CAMPAIGN } from './campaigns.events';
import { lockCampaign, type LockedCampaign } from './lock-campaign';
import { estimateCampaign, type CampaignEstimate, type CampaignPrices } from './price-campaign';

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

/** Whether somebody else has agreed to a campaign that may cost so much. Without a limit they have agreed to any cost. */
export function coversCost(
  { approvedBy, approvedMaxCost }: Pick<LockedCampaign, 'approvedBy' | 'approvedMaxCost'>,
  maxCost: number | null,
): boolean {
  return (
    approvedBy !== null && (approvedMaxCost === null || (maxCost !== null && maxCost <= approvedMaxCost))
  );
}

/** How many get campaigns of one person alone within a day of $2. A campaign that was cancelled counts with what has gone out. */
const UNAPPROVED = statement<{ recipients: number }>(
  `SELECT coalesce(sum(CASE WHEN status = 'cancelled' THEN handed + accepted + delivered + failed + ambiguous
     ELSE greatest(recipients, estimated_recipients) END), 0) AS recipients
   FROM campaigns
   WHERE id <> $1 AND approved_by IS NULL AND starts_at IS NOT NULL
     AND coalesce(started_at, starts_at) BETWEEN $2::timestamptz - interval '1 day' AND $2::timestamptz + interval '1 day'`,
  { recipients: integer },
);

/** Who has agreed, and to what. */
export type Approval = Pick<LockedCampaign, 'approvedBy' | 'approvedRecipients' | 'approvedText'>;

/**
 * Whether a draft that begins then needs the approval of somebody else, which it has not got. A large audience that is split into small
 * campaigns is still a large one.
 */
export async function needsApprovalToStart(
  transaction: Transaction,
  draft: Approval & Pick<LockedCampaign, 'id'>,
  {
    recipients,
    template,
    begins,
  }: Pick<CampaignEstimate, 'recipients' | 'template'> & { readonly begins: Date },
  { approvalAbove }: Pick<CampaignPrices, 'approvalAbove'>,
): Promise<boolean> {
  if (covers(draft, recipients) && draft.approvedText === template) return false;
  const others = (await row(transaction, UNAPPROVED, [draft.id, begins]))!.recipients;
  return recipients + others > approvalAbove;
}
