import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { CAMPAIGN } from './campaigns.events';
import { lockCampaign } from './lock-campaign';
import { covers } from './needs-approval';
import { estimateCampaign, type CampaignPrices } from './price-campaign';

const APPROVE = statement(
  `UPDATE campaigns SET approved_by = $2, approved_recipients = $3, approved_text = $4, approved_max_cost = $5 WHERE id = $1`,
);

/**
 * Agrees to a campaign of which one has written nothing since the last approval. One that is paused for want of an approval may be approved, too.
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
  const isOutgrown = campaign.status !== 'draft' && !covers(campaign, campaign.reach);
  if (
    campaign.approvedBy === accountId &&
    !(isOutgrown || (campaign.status === 'draft' && campaign.version === version))
  )
    return false;
  if (campaign.version !== version)
    throw new AppError('campaigns.version_moved', { version: campaign.version });
  assertThat(campaign.status !== 'done' && campaign.status !== 'cancelled', 'campaigns.over');
  const isAuthor = campaign.createdBy === accountId || campaign.authors.includes(accountId);
  assertThat(!isAuthor, 'campaigns.own_approval');
  const isDraft = campaign.status === 'draft';
  const estimate = isDraft ? await estimateCampaign(transaction, campaign, prices) : undefined;
  const recipients = estimate?.recipients ?? campaign.reach;
  await rows(transaction, APPROVE, [
    ...[campaignId, accountId, recipients, estimate?.template ?? campaign.text, campaign.maxCost],
  ]);
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.approved', payload: {} });
  return true;
}
