import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import type { OperatorMove } from './campaign';
import type { CampaignMove } from './campaign-status';
import { CAMPAIGN } from './campaigns.events';
import { budgetRoom, lockCampaign, moveCampaign, pauseCampaign, type LockedCampaign } from './lock-campaign';
import { lockApprovals, needsApproval } from './needs-approval';

/** A campaign that somebody of the staff, or an operator, wants to steer. */
export interface CampaignAt {
  readonly campaignId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
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

/** A worker whose clock was ahead may have given it a turn of another day. */
const BEGIN_AGAIN = statement(
  'UPDATE campaigns SET not_before = NULL, turn_at = NULL, turn_messages = NULL, failures = 0 WHERE id = $1',
);

/**
 * Lets a paused campaign go on. One that runs stays so. What it has left counts with all that goes out without an approval within a day.
 *
 * @returns whether it has changed
 * @throws AppError `campaigns.not_found`, `campaigns.not_paused`, `campaigns.approval_needed`, `campaigns.budget_spent`
 */
export async function resumeCampaign(
  transaction: Transaction,
  { campaignId, at }: CampaignAt,
): Promise<boolean> {
  await lockApprovals(transaction);
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status === 'running') return false;
  assertThat(campaign.status === 'paused', 'campaigns.not_paused');
  assertThat(!(await needsApproval(transaction, campaign, new Date(at))), 'campaigns.approval_needed');
  assertThat(campaign.pauseReason !== 'budget' || budgetRoom(campaign) > 0, 'campaigns.budget_spent');
  await moveCampaign(transaction, campaignId, { to: 'running' });
  await rows(transaction, BEGIN_AGAIN, [campaignId]);
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.resumed', payload: {} });
  return true;
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
  await moveCampaign(transaction, campaignId, {
    to: 'cancelled',
    endedAt: new Date(at),
    // Nobody knows when the last message went out. It is asked again later.
    reportAt: new Date(at),
  });
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.cancelled', payload: {} });
  return true;
}

const MOVES: Readonly<Record<CampaignMove, (transaction: Transaction, it: CampaignAt) => Promise<boolean>>> =
  { pause: holdCampaign, resume: resumeCampaign, cancel: cancelCampaign };

/** More than anybody reads. */
const MOST_MOVES = 20;

const KEEP_MOVE = statement(
  `UPDATE campaigns SET operator_moves = CASE WHEN jsonb_array_length(operator_moves) < ${MOST_MOVES} THEN operator_moves
     ELSE operator_moves - 0 END || $2::jsonb
   WHERE id = $1`,
);

/**
 * Does what an operator wants, and keeps their note where staff read it. A note of what was so before is not kept.
 *
 * @returns whether it has changed
 * @throws AppError as the moves of staff do
 */
export async function steerByHand(
  transaction: Transaction,
  { move, note, ...it }: CampaignAt & Pick<OperatorMove, 'move' | 'note'>,
): Promise<boolean> {
  const isNew = await MOVES[move](transaction, it);
  if (!isNew) return false;
  const kept: OperatorMove = { move, note, at: new Date(it.at).toISOString() };
  await rows(transaction, KEEP_MOVE, [it.campaignId, JSON.stringify([kept])]);
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
