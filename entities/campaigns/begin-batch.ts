import { boolean, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { derivedId } from '../values/uuid';
import { isSilent } from './lock-batch';
import { countRecipients, budgetRoom, lockCampaign, pauseCampaign, sendableFrom } from './lock-campaign';
import { lockPeople } from './lock-people';
import { finishCampaign } from './steer-campaign';
import { takeTurn, useTurn, type Pace } from './take-turn';

/** How calls are cut. */
export interface BatchTerms extends Pace {
  readonly isNightAllowed: boolean;
  /** When it is asked what was delivered, in milliseconds after the last message. */
  readonly reportAfterMs: readonly number[];
}

const OPEN = statement<{ isSending: boolean }>(
  `SELECT EXISTS (SELECT FROM campaign_batches WHERE campaign_id = $1 AND status = 'sending') AS "isSending"`,
  { isSending: boolean },
);

const NEXT = statement<{ accountId: string }>(
  `SELECT account_id AS "accountId" FROM campaign_recipients
   WHERE campaign_id = $1 AND status = 'pending' ORDER BY number LIMIT $2`,
  { accountId: uuid },
);

/** Accounts whose number the campaign has gone to under another account. */
const REPEATED = statement<{ accountId: string }>(
  `SELECT a.id AS "accountId" FROM accounts a JOIN campaign_recipients r
     ON r.campaign_id = $1 AND r.recipient = a.phone AND r.account_id <> a.id
   WHERE a.id = ANY ($2::uuid[])`,
  { accountId: uuid },
);

const SUPPRESS = statement(
  `UPDATE campaign_recipients SET status = 'suppressed', reason = $3
   WHERE campaign_id = $1 AND account_id = ANY ($2::uuid[]) AND status = 'pending'`,
);

const BEGIN = statement(
  `INSERT INTO campaign_batches (id, campaign_id, ordinal, provider, size, started_at) VALUES ($1, $2, $3, $4, $5, $6)`,
);

const HAND_OVER = statement(
  `UPDATE campaign_recipients r SET status = 'handed', recipient = w.phone, batch_id = $2, handed_at = $4
   FROM jsonb_to_recordset($3::jsonb) AS w("accountId" uuid, phone text)
   WHERE r.campaign_id = $1 AND r.account_id = w."accountId" AND r.status = 'pending'`,
);

const MOVE_ON = statement('UPDATE campaigns SET batches = $2 WHERE id = $1');

/**
 * Begins the next call of a campaign, if it may begin now and it is its turn: takes the next recipients, leaves out who does not want it any more, and
 * notes the others as handed over before anybody calls. Ends the campaign when nobody is left.
 */
export async function beginBatch(
  transaction: Transaction,
  { campaignId, at: now }: { readonly campaignId: string; readonly at: number },
  { provider, atMost, perSecond, isNightAllowed, reportAfterMs }: BatchTerms,
): Promise<void> {
  const at = new Date(now);
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'running' || !campaign.isGathered) return;
  if ((await row(transaction, OPEN, [campaignId]))!.isSending) return;
  if (campaign.pending === 0) {
    const firstReportMs = reportAfterMs[0] ?? 0;
    if (campaign.handed === 0) await finishCampaign(transaction, campaign, { at, firstReportMs });
    return;
  }
  if (sendableFrom(campaign, at, isNightAllowed) > at) return;
  const room = budgetRoom(campaign);
  if (room <= 0) return pauseCampaign(transaction, campaign, 'budget');

  // One message is enough to learn whether a provider answers again.
  const isTrial = await isSilent(transaction, campaignId, campaign.batches);
  const wanted = isTrial ? 1 : Math.min(atMost, campaign.batchMost, room, campaign.pending);
  const pace = { provider, perSecond, atMost };
  const most = await takeTurn(transaction, campaign, { at, most: wanted }, pace);
  if (most === 0) return;
  const next = (await rows(transaction, NEXT, [campaignId, most])).map(({ accountId }) => accountId);
  const { people, refused } = await lockPeople(transaction, next);
  const willing = new Set(people.map(({ accountId }) => accountId));
  const found = await rows(transaction, REPEATED, [campaignId, next]);
  const repeated = new Set(found.map(({ accountId }) => accountId).filter((id) => willing.has(id)));
  const handed = people.filter(({ accountId }) => !refused.has(accountId) && !repeated.has(accountId));
  const unwilling = next.filter((id) => !willing.has(id));
  await rows(transaction, SUPPRESS, [campaignId, unwilling, 'not_wanted']);
  await rows(transaction, SUPPRESS, [campaignId, [...refused], 'blacklisted']);
  await rows(transaction, SUPPRESS, [
    campaignId,
    [...repeated].filter((id) => !refused.has(id)),
    'number_repeated',
  ]);
  const suppressed = next.length - handed.length;
  await countRecipients(transaction, campaignId, {
    ...{ pending: -next.length, handed: handed.length, suppressed },
  });
  if (handed.length === 0) return;
  const ordinal = campaign.batches + 1;
  const batchId = derivedId('campaign-batch', campaignId, String(ordinal));
  await rows(transaction, BEGIN, [batchId, campaignId, ordinal, provider, handed.length, at]);
  await rows(transaction, HAND_OVER, [campaignId, batchId, JSON.stringify(handed), at]);
  await rows(transaction, MOVE_ON, [campaignId, ordinal]);
  await useTurn(transaction, campaignId, { at, messages: handed.length }, pace);
}
