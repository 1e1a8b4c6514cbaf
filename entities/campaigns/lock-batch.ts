import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { BulkCost } from './bulk-outcome';
import type { BatchStatus } from './campaign-status';
import { CAMPAIGN } from './campaigns.events';
import { countRecipients, lockCampaign, type LockedCampaign } from './lock-campaign';

/** A call that nobody else can change now. */
export interface LockedBatch {
  readonly id: string;
  readonly campaignId: string;
  readonly status: BatchStatus;
  readonly provider: string;
  readonly size: number;
  readonly finds: number;
  readonly findFailures: number;
  /** Null before somebody has taken the right to call. */
  readonly claimedAt: Date | null;
  readonly calledAt: Date;
}

const CAMPAIGN_OF = statement<{ campaignId: string }>(
  'SELECT campaign_id AS "campaignId" FROM campaign_batches WHERE id = $1',
  { campaignId: uuid },
);

const LOCK = statement<LockedBatch>(
  `SELECT id, campaign_id AS "campaignId", status, provider, size, finds, find_failures AS "findFailures", called_at AS "claimedAt", coalesce(called_at, started_at) AS "calledAt"
   FROM campaign_batches WHERE id = $1 FOR NO KEY UPDATE`,
  {
    id: uuid,
    campaignId: uuid,
    status: text,
    provider: text,
    size: integer,
    finds: integer,
    findFailures: integer,
    claimedAt: nullable(instant),
    calledAt: instant,
  },
);

/**
 * Locks a call after its campaign.
 *
 * @throws AppError `campaigns.not_found`
 */
export async function lockBatch(
  transaction: Transaction,
  batchId: string,
): Promise<{ readonly campaign: LockedCampaign; readonly batch: LockedBatch }> {
  const of = await row(transaction, CAMPAIGN_OF, [batchId]);
  assertThat(of, 'campaigns.not_found');
  const campaign = await lockCampaign(transaction, of.campaignId);
  const batch = await row(transaction, LOCK, [batchId]);
  return { campaign, batch: batch! };
}

const SILENT = statement<{ isSilent: boolean }>(
  `SELECT b.status IN ('unknown', 'ambiguous') AND NOT EXISTS (
     SELECT FROM campaign_recipients r WHERE r.batch_id = b.id AND r.status NOT IN ('handed', 'ambiguous', 'suppressed')) AS "isSilent"
   FROM campaign_batches b
   WHERE b.campaign_id = $1 AND b.ordinal <= $2
     AND EXISTS (SELECT FROM campaign_recipients r WHERE r.batch_id = b.id AND r.status <> 'suppressed')
   ORDER BY b.ordinal DESC LIMIT 1`,
  { isSilent: boolean },
);

/**
 * Whether the newest call of a locked campaign has got no answer so far, for none of its messages. Calls that were refused or not made have
 * none left, and say nothing of whether the provider answers.
 *
 * @param upTo the ordinal of the newest call that is looked at
 */
export async function isSilent(transaction: Transaction, campaignId: string, upTo: number): Promise<boolean> {
  return (await row(transaction, SILENT, [campaignId, upTo]))?.isSilent ?? false;
}

const GIVE_BACK = statement<{ accountId: string }>(
  `UPDATE campaign_recipients SET status = 'pending', batch_id = NULL, handed_at = NULL, recipient = NULL
   WHERE batch_id = $1 AND status = 'handed' AND ($2::bigint[] IS NULL OR number = ANY ($2))
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/**
 * Gives recipients of a locked call back to a later one: the provider surely has not got their messages.
 *
 * @param numbers all of them without it
 * @returns how many there were
 */
export async function giveBack(
  transaction: Transaction,
  { id, campaignId }: Pick<LockedBatch, 'id' | 'campaignId'>,
  numbers: readonly number[] | null = null,
): Promise<number> {
  const back = await rows(transaction, GIVE_BACK, [id, numbers]);
  await countRecipients(transaction, campaignId, { handed: -back.length, pending: back.length });
  return back.length;
}

const CLOSE = statement(
  `UPDATE campaign_batches SET status = $2, outcome_class = $3, code = $4, message = $5, find_at = $6, finds = $7, find_failures = $12,
     pack_id = coalesce($8, pack_id), answered_at = coalesce(answered_at, $9),
     cost = coalesce((SELECT sum(amount::numeric) FROM unnest($10::text[]) AS amount) + coalesce(cost, 0), cost), cost_unit = coalesce($11, cost_unit),
     priced = priced + $13
   WHERE id = $1`,
);

/** How a call stands after an answer. */
interface BatchEnd {
  readonly status: BatchStatus;
  readonly at: Date;
  readonly refusal?: { readonly class: string; readonly code: string };
  readonly message?: string;
  readonly findAt?: Date;
  readonly finds?: number;
  readonly findFailures?: number;
  readonly packId?: string;
  readonly costs?: readonly BulkCost[];
}

/** Notes what a locked call came to. Costs are of messages that had none before, and are added. */
export async function closeBatch(
  transaction: Transaction,
  { id, finds }: LockedBatch,
  end: BatchEnd,
): Promise<void> {
  const { refusal, message, findAt, packId, costs = [] } = end;
  await rows(transaction, CLOSE, [
    ...[id, end.status, refusal?.class ?? null, refusal?.code.slice(0, 40) ?? null],
    ...[message?.slice(0, 300) ?? null, findAt ?? null, end.finds ?? finds, packId ?? null, end.at],
    ...[costs.map(({ amount }) => amount), costs[0]?.unit ?? null, end.findFailures ?? 0],
    costs.reduce((sum, { messages }) => sum + messages, 0),
  ]);
}

/** Tells how far a locked campaign is. */
export async function tellProgress(transaction: Transaction, campaignId: string): Promise<void> {
  const payload = await countRecipients(transaction, campaignId, {});
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.progressed', payload });
}
