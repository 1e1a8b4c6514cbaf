import { integer } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { REACH, type LockedCampaign } from './lock-campaign';
import type { CampaignEstimate, CampaignPrices } from './price-campaign';

const LOCK = statement(`SELECT FROM pg_advisory_xact_lock(hashtextextended('campaign-schedules', 0))`);

/** Whoever counts what goes out without an approval holds off the others who do. It comes before the lock of a campaign. */
export async function lockApprovals(transaction: Transaction): Promise<void> {
  await rows(transaction, LOCK);
}

/** Who has agreed, and to what. */
export type Approval = Pick<LockedCampaign, 'approvedBy' | 'approvedRecipients' | 'approvedText'>;

/** Whether somebody else has agreed to so many. */
export function covers(
  { approvedBy, approvedRecipients }: Pick<Approval, 'approvedBy' | 'approvedRecipients'>,
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

/**
 * How many messages go out without an approval within a day of $2, whoever sends them. $1 counts as one that goes on. $3 is the present.
 * What a paused campaign has left counts when it is resumed. What has gone out is found by its calls: a campaign that has made none may have
 * 200,000 recipients.
 */
const UNAPPROVED = statement<{ messages: number }>(
  `SELECT coalesce(sum(
     coalesce((SELECT sum((SELECT count(*) FROM campaign_recipients r WHERE r.batch_id = b.id AND r.status <> 'suppressed'))
       FROM campaign_batches b WHERE b.campaign_id = c.id AND b.started_at >= $2::timestamptz - interval '1 day'), 0)
     + CASE WHEN c.id = $1::uuid
         OR (c.status = 'running' AND $3::timestamptz >= $2::timestamptz - interval '1 day')
         OR (c.status = 'scheduled' AND greatest(c.starts_at, $3::timestamptz)
           BETWEEN $2::timestamptz - interval '1 day' AND $2::timestamptz + interval '1 day')
       THEN CASE WHEN c.is_gathered THEN c.pending ELSE ${REACH} END ELSE 0 END), 0)::bigint AS messages
   FROM campaigns c
   WHERE c.status <> 'draft' AND (c.finished_at IS NULL OR c.finished_at >= $2::timestamptz - interval '1 day')
     AND (c.approved_by IS NULL OR coalesce(c.approved_recipients, 0) < ${REACH})`,
  { messages: integer },
);

async function unapproved(
  transaction: Transaction,
  goingOn: string | null,
  { around, at }: { readonly around: Date; readonly at: Date },
): Promise<number> {
  return (await row(transaction, UNAPPROVED, [goingOn, around, at]))!.messages;
}

/**
 * Whether a draft that begins then needs the approval of somebody else, which it has not got. A large audience that is split into small
 * campaigns is still a large one.
 */
export async function needsApprovalToStart(
  transaction: Transaction,
  draft: Approval,
  {
    recipients,
    template,
    begins,
    at,
  }: Pick<CampaignEstimate, 'recipients' | 'template'> & { readonly begins: Date; readonly at: Date },
  { approvalAbove }: Pick<CampaignPrices, 'approvalAbove'>,
): Promise<boolean> {
  if (covers(draft, recipients) && draft.approvedText === template) return false;
  return recipients + (await unapproved(transaction, null, { around: begins, at })) > approvalAbove;
}

/**
 * Whether a campaign that was started needs the approval of somebody else to go on, which it has not got: by itself, or with what else goes
 * out without an approval within a day.
 *
 * @param campaign locked after {@link lockApprovals}
 */
export async function needsApproval(
  transaction: Transaction,
  campaign: Pick<LockedCampaign, 'id' | 'reach' | 'approvalAbove' | 'approvedBy' | 'approvedRecipients'>,
  at: Date,
): Promise<boolean> {
  const { id, reach, approvalAbove } = campaign;
  if (approvalAbove === null || covers(campaign, reach)) return false;
  return reach > approvalAbove || (await unapproved(transaction, id, { around: at, at })) > approvalAbove;
}
