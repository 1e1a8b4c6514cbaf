import { recordEvents } from '../events/record-events';
import { integer, nullable, uuid } from '../row-shape';
import { rows, rowsPlannedAnew, statement, type Transaction } from '../sql';
import { FITS_FILTER, WILLING_ACCOUNTS } from './campaign-filter';
import { CAMPAIGN } from './campaigns.events';
import {
  countRecipients,
  lockCampaign,
  pauseCampaign,
  type CountChanges,
  type LockedCampaign,
} from './lock-campaign';
import { lockApprovals, needsApproval } from './needs-approval';
import { MOST_RECIPIENTS } from './price-campaign';
import type { CampaignAt } from './steer-campaign';

const START = statement(`UPDATE campaigns SET status = 'running', started_at = $2 WHERE id = $1`);

/** Begins a scheduled campaign whose time has come. Every other one stays as it is. */
export async function startCampaign(transaction: Transaction, { campaignId, at }: CampaignAt): Promise<void> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'scheduled' || campaign.startsAt!.getTime() > at) return;
  await rows(transaction, START, [campaignId, new Date(at)]);
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.started', payload: {} });
}

/** How many customers one page looks for. */
const PAGE = 2_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** $1 is the filter. */
const GATHER = statement<{ added: number; found: number; lastId: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT a.id FROM ${WILLING_ACCOUNTS} AND ${FITS_FILTER} AND a.id > $3 ORDER BY a.id LIMIT $4
   ), added AS (
     INSERT INTO campaign_recipients (campaign_id, account_id) SELECT $2, id FROM page ORDER BY id
     ON CONFLICT DO NOTHING RETURNING 1
   )
   SELECT (SELECT count(*) FROM added) AS added, (SELECT count(*) FROM page) AS found,
     (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS "lastId"`,
  { added: integer, found: integer, lastId: nullable(uuid) },
);

/**
 * Who has withdrawn, or whose number was refused, since the table was sent. Each row is looked up by keys, whatever Postgres believes of a
 * campaign that was filled a moment ago.
 */
const LEAVE_OUT = statement<{ leftOut: number; found: number; lastId: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT account_id, status FROM campaign_recipients WHERE campaign_id = $1 AND account_id > $2 ORDER BY account_id LIMIT $3
   ), unwilling AS MATERIALIZED (
     SELECT page.account_id FROM page LEFT JOIN LATERAL (
       SELECT a.id FROM ${WILLING_ACCOUNTS} AND a.id = page.account_id LIMIT 1
     ) AS willing ON true
     WHERE willing.id IS NULL AND page.status = 'pending'
   ), left_out AS (
     UPDATE campaign_recipients r
     SET status = 'suppressed', reason = CASE WHEN EXISTS (
       SELECT FROM campaign_suppressions s JOIN accounts a ON a.id = s.account_id AND a.phone = s.recipient
       WHERE s.account_id = r.account_id) THEN 'blacklisted' ELSE 'not_wanted' END
     WHERE r.campaign_id = $1 AND r.account_id = ANY (ARRAY(SELECT account_id FROM unwilling))
     RETURNING 1
   )
   SELECT (SELECT count(*) FROM left_out) AS "leftOut", (SELECT count(*) FROM page) AS found,
     (SELECT account_id FROM page ORDER BY account_id DESC LIMIT 1) AS "lastId"`,
  { leftOut: integer, found: integer, lastId: nullable(uuid) },
);

const MOVE_ON = statement(
  'UPDATE campaigns SET gathered_after = coalesce($2, gathered_after), is_gathered = $3 WHERE id = $1',
);

/**
 * Gives the next page of customers who fit the filter their rows. A table of numbers has its rows already: of the next page who does not
 * want it any more is left out. After the last page the audience is fixed. One that needs an approval which it has not got is paused.
 */
export async function gatherAudience(
  transaction: Transaction,
  { campaignId, at }: CampaignAt,
): Promise<void> {
  await lockApprovals(transaction);
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'running' || campaign.isGathered) return;
  const { changes, isLast, lastId } = await gatherPage(transaction, campaign);
  const { recipients } = await countRecipients(transaction, campaignId, changes);
  const isGathered = isLast || (campaign.audience === 'filter' && recipients >= MOST_RECIPIENTS);
  await rows(transaction, MOVE_ON, [campaignId, lastId, isGathered]);
  if (!isGathered) return;
  await recordEvents(transaction, CAMPAIGN, campaignId, {
    type: 'campaign.gathered',
    payload: { recipients },
  });
  const gathered = await lockCampaign(transaction, campaignId);
  if (await needsApproval(transaction, gathered, new Date(at))) {
    await pauseCampaign(transaction, campaign, 'approval');
  }
}

async function gatherPage(
  transaction: Transaction,
  {
    id,
    audience,
    filter,
    gatheredAfter,
    recipients,
  }: Pick<LockedCampaign, 'id' | 'audience' | 'filter' | 'gatheredAfter' | 'recipients'>,
): Promise<{ readonly changes: CountChanges; readonly isLast: boolean; readonly lastId: string | null }> {
  const after = gatheredAfter ?? FIRST;
  if (audience === 'csv') {
    const [page] = await rowsPlannedAnew(transaction, LEAVE_OUT, [id, after, PAGE]);
    const { leftOut, found, lastId } = page!;
    return { changes: { pending: -leftOut, suppressed: leftOut }, isLast: found < PAGE, lastId };
  }
  const most = Math.min(PAGE, MOST_RECIPIENTS - recipients);
  const [page] = await rowsPlannedAnew(transaction, GATHER, [JSON.stringify(filter), id, after, most]);
  const { added, found, lastId } = page!;
  return { changes: { pending: added }, isLast: found < most, lastId };
}
