import { cancelCampaign } from '../campaigns/steer-campaign';
import { instant, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { RemovedPage } from './page';

const CAMPAIGNS_AT_ONCE = 20;

const OLD = statement<{ campaignId: string; pausedAt: Date }>(
  `SELECT id AS "campaignId", paused_at AS "pausedAt" FROM campaigns
   WHERE status = 'paused' AND paused_at < now() - $1 * interval '1 day'
   ORDER BY id LIMIT ${CAMPAIGNS_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
  { campaignId: uuid, pausedAt: instant },
);

/**
 * Cancels campaigns that nobody has resumed for so long, so that their recipients can be removed. They ended when they were paused: since
 * then nothing has gone out.
 */
export async function cancelPausedCampaigns(transaction: Transaction, days: number): Promise<RemovedPage> {
  const old = await rows(transaction, OLD, [days]);
  for (const { campaignId, pausedAt } of old) {
    await cancelCampaign(transaction, { campaignId, at: pausedAt.getTime() });
  }
  return { removed: old.length, next: old.length < CAMPAIGNS_AT_ONCE ? null : '' };
}
