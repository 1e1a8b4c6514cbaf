import { recordEvents } from '../events/record-events';
import { integer, nullable, uuid } from '../row-shape';
import { rows, rowsPlannedAnew, statement, type Transaction } from '../sql';
import { needsApproval } from './approve-campaign';
import { FITS_FILTER, WILLING_ACCOUNTS } from './campaign-filter';
import { CAMPAIGN } from './campaigns.events';
import { countRecipients, lockCampaign, pauseCampaign } from './lock-campaign';
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

const MOVE_ON = statement(
  'UPDATE campaigns SET gathered_after = coalesce($2, gathered_after), is_gathered = $3 WHERE id = $1',
);

/**
 * Gives the next page of customers who fit the filter their rows. After the last one the audience is fixed. A table of numbers has its
 * rows already. One whose audience needs an approval that it has not got is paused.
 */
export async function gatherAudience(transaction: Transaction, { campaignId }: CampaignAt): Promise<void> {
  const campaign = await lockCampaign(transaction, campaignId);
  if (campaign.status !== 'running' || campaign.isGathered) return;
  const { added, isLast, lastId } = await gatherPage(transaction, campaign);
  const { recipients } = await countRecipients(transaction, campaignId, { pending: added });
  const isGathered = isLast || recipients >= MOST_RECIPIENTS;
  await rows(transaction, MOVE_ON, [campaignId, lastId, isGathered]);
  if (!isGathered) return;
  await recordEvents(transaction, CAMPAIGN, campaignId, {
    type: 'campaign.gathered',
    payload: { recipients },
  });
  if (needsApproval({ ...campaign, recipients, isGathered })) {
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
  }: Pick<
    Awaited<ReturnType<typeof lockCampaign>>,
    'id' | 'audience' | 'filter' | 'gatheredAfter' | 'recipients'
  >,
): Promise<{ readonly added: number; readonly isLast: boolean; readonly lastId: string | null }> {
  if (audience === 'csv') return { added: 0, isLast: true, lastId: null };
  const most = Math.min(PAGE, MOST_RECIPIENTS - recipients);
  const [page] = await rowsPlannedAnew(transaction, GATHER, [
    ...[JSON.stringify(filter), id, gatheredAfter ?? FIRST, most],
  ]);
  const { added, found, lastId } = page!;
  return { added, isLast: found < most, lastId };
}
