import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { rows, statement, type Transaction } from '../sql';
import { claimRequest } from '../steps/claim-request';
import type { CampaignFilter } from './campaign-filter';
import type { CampaignAudience } from './campaign-status';
import { CAMPAIGN } from './campaigns.events';
import { budgetRoom, lockCampaign, pauseCampaign } from './lock-campaign';
import { coversCost, lockApprovals, needsApproval } from './needs-approval';
import { requireCampaignText } from './price-campaign';

/** What a campaign says, and to whom. */
export interface CampaignContent {
  readonly name: string;
  readonly template: string;
  readonly language: SmsLanguage;
  readonly variables: Readonly<Record<string, string>>;
  readonly audience: CampaignAudience;
  /** With the audience `filter`. */
  readonly filter: CampaignFilter | null;
  readonly sendFrom: number;
  readonly sendUntil: number;
  readonly maxCost: number | null;
}

const INSERT = statement<{ id: string }>(
  `INSERT INTO campaigns (id, name, template, language, variables, audience, filter, send_from, send_until, max_cost,
     created_by, authors)
   VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7::jsonb, $8, $9, $10, $11, ARRAY[$11::uuid])
   ON CONFLICT (id) DO NOTHING RETURNING id`,
  { id: uuid },
);

/**
 * Writes a draft, once per id.
 *
 * @returns whether it is new
 * @throws AppError those of `requireCampaignText`, `campaigns.hours_empty`, `request.idempotency_key_reused`
 */
export async function createCampaign(
  transaction: Transaction,
  {
    campaignId,
    accountId,
    content,
  }: { readonly campaignId: string; readonly accountId: string; readonly content: CampaignContent },
): Promise<boolean> {
  await claimRequest(transaction, campaignId, content);
  await requireCampaignText(transaction, content);
  assertThat(content.sendFrom < content.sendUntil, 'campaigns.hours_empty');
  const { name, template, language, variables, audience, filter } = content;
  const inserted = await rows(transaction, INSERT, [
    ...[campaignId, name, template, language, JSON.stringify(variables), audience],
    ...[
      filter === null ? null : JSON.stringify(filter),
      content.sendFrom,
      content.sendUntil,
      content.maxCost,
    ],
    accountId,
  ]);
  if (inserted.length === 0) return false;
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.created', payload: {} });
  return true;
}

/** In SQL: the authors of a campaign together with the one who writes now. An approval covers what earlier ones wrote. */
export const withAuthor = (author: string) =>
  `CASE WHEN approved_by IS NOT NULL THEN ARRAY[${author}::uuid] ELSE array_append(array_remove(authors, ${author}::uuid), ${author}::uuid) END`;

const CHANGE = statement(
  `UPDATE campaigns SET name = $2, template = $3, language = $4, variables = $5::jsonb, filter = $6::jsonb, send_from = $7,
     send_until = $8, max_cost = $9, authors = ${withAuthor('$10')}, approved_by = NULL
   WHERE id = $1`,
);

/** What is to be different. A field that is not there stays. */
export interface ChangeCampaign {
  readonly campaignId: string;
  readonly accountId: string;
  /** The version that the caller has seen. */
  readonly version: number;
  readonly change: Partial<Omit<CampaignContent, 'audience'>>;
}

/** Who stays within what somebody else has agreed to leaves nothing to approve. */
const SET_MOST_COST = statement(
  `UPDATE campaigns SET max_cost = $2, approved_by = $3,
     authors = CASE WHEN $3::uuid IS NULL THEN ${withAuthor('$4')} ELSE authors END
   WHERE id = $1`,
);

/**
 * Changes a draft, and takes its approval away. Of a campaign that is not over, what it may cost can be changed, and nothing else. More than
 * somebody else has agreed to takes the approval away, too, and pauses a campaign that needs it.
 *
 * @returns what it might cost before and may now, in rials
 * @throws AppError `campaigns.not_found`, `campaigns.version_moved`, `campaigns.not_draft`, `campaigns.over`, `campaigns.budget_spent`,
 *   `campaigns.hours_empty`, `campaigns.filter_misplaced`, those of
 *   `requireCampaignText`
 */
export async function changeCampaign(
  transaction: Transaction,
  { campaignId, accountId, version, change }: ChangeCampaign,
): Promise<{ readonly oldMaxCost: number | null; readonly newMaxCost: number | null }> {
  if (change.maxCost !== undefined) await lockApprovals(transaction);
  const campaign = await lockCampaign(transaction, campaignId, version);
  assertThat(campaign.status !== 'done' && campaign.status !== 'cancelled', 'campaigns.over');
  if (campaign.status === 'draft') {
    const filter = campaign.audience === 'csv' ? null : (change.filter ?? campaign.filter);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const content: CampaignContent = { ...campaign, ...Object.fromEntries(given), filter };
    await requireCampaignText(transaction, content);
    assertThat(content.sendFrom < content.sendUntil, 'campaigns.hours_empty');
    assertThat(campaign.audience === 'filter' || change.filter === undefined, 'campaigns.filter_misplaced');
    await rows(transaction, CHANGE, [
      ...[campaignId, content.name, content.template, content.language, JSON.stringify(content.variables)],
      ...[filter === null ? null : JSON.stringify(filter), content.sendFrom, content.sendUntil],
      ...[content.maxCost, accountId],
    ]);
  } else {
    const { maxCost, ...others } = change;
    assertThat(
      Object.values(others).every((value) => value === undefined),
      'campaigns.not_draft',
    );
    if (maxCost !== undefined) {
      assertThat(budgetRoom({ ...campaign, maxCost }) >= 0, 'campaigns.budget_spent');
      const approvedBy = coversCost(campaign, maxCost) ? campaign.approvedBy : null;
      await rows(transaction, SET_MOST_COST, [campaignId, maxCost, approvedBy, accountId]);
      const isTakenAway = campaign.approvedBy !== null && approvedBy === null;
      const isWanted =
        isTakenAway && (await needsApproval(transaction, { ...campaign, approvedBy }, new Date()));
      if (isWanted) await pauseCampaign(transaction, campaign, 'approval');
    }
  }
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.changed', payload: {} });
  const { maxCost: newMaxCost = campaign.maxCost } = change;
  return { oldMaxCost: campaign.maxCost, newMaxCost };
}
