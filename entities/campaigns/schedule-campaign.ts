import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { CAMPAIGN } from './campaigns.events';
import { budgetRoom, lockCampaign } from './lock-campaign';
import { lockApprovals, needsApprovalToStart, type Approval } from './needs-approval';
import {
  estimateCampaign,
  MOST_RECIPIENTS,
  type CampaignEstimate,
  type CampaignPrices,
} from './price-campaign';
import type { CampaignAt } from './steer-campaign';

const LATEST_START_MS = 90 * 86_400_000;

/** An approval of another text is none. */
const SCHEDULE = statement(
  `UPDATE campaigns SET status = 'scheduled', starts_at = $2, segments = $3, segment_price = $4, approval_above = $5, text = $6::varchar,
     estimated_recipients = $7, approved_by = CASE WHEN approved_text = $6::varchar THEN approved_by END
   WHERE id = $1`,
);

/** When a campaign shall begin; null for at once, and so is an instant that has passed. */
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
  await lockApprovals(transaction);
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'draft' && campaign.status !== 'cancelled') return false;
  assertThat(campaign.status === 'draft', 'campaigns.not_draft');
  if (campaign.version !== version)
    throw new AppError('campaigns.version_moved', { version: campaign.version });
  const begins = new Date(Math.max(startsAt?.getTime() ?? at, at));
  assertThat(begins.getTime() <= at + LATEST_START_MS, 'campaigns.starts_late');
  assertThat(campaign.audience === 'filter' || campaign.hasUpload, 'campaigns.no_table');
  const { recipients, segments, template } = await estimateCampaign(transaction, campaign, prices);
  assertThat(recipients > 0, 'campaigns.nobody');
  assertThat(recipients <= MOST_RECIPIENTS, 'campaigns.too_many');
  const { segmentPrice, approvalAbove } = prices;
  const start = { recipients, template, begins, at: new Date(at) };
  assertThat(
    !(await needsApprovalToStart(transaction, campaign, start, prices)),
    'campaigns.approval_needed',
  );
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

const APPROVAL = statement<Approval>(
  `SELECT approved_by AS "approvedBy", approved_recipients AS "approvedRecipients", approved_text AS "approvedText"
   FROM campaigns WHERE id = $1`,
  { approvedBy: nullable(uuid), approvedRecipients: nullable(integer), approvedText: nullable(text) },
);

/** What a draft would be if it began now. */
export interface CampaignPreview extends CampaignEstimate {
  /** Whether somebody else must approve it first. */
  readonly needsApproval: boolean;
}

/**
 * Says what a draft would be if it began now, and whether it may. Nothing is locked or stored.
 *
 * @throws AppError `campaigns.not_found`, those of `requireCampaignText`
 */
export async function previewCampaign(
  transaction: Transaction,
  draft: Parameters<typeof estimateCampaign>[1],
  at: Date,
  prices: CampaignPrices,
): Promise<CampaignPreview> {
  const estimate = await estimateCampaign(transaction, draft, prices);
  const approval = await row(transaction, APPROVAL, [draft.id]);
  assertThat(approval, 'campaigns.not_found');
  const needsApproval = await needsApprovalToStart(
    transaction,
    approval,
    { ...estimate, begins: at, at },
    prices,
  );
  return { ...estimate, needsApproval };
}
