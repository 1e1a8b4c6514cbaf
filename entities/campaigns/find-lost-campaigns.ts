import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const FIND = statement<{ campaignId: string }>(
  `WITH due AS (
     SELECT c.id FROM campaigns c
     WHERE (c.status IN ('scheduled', 'running', 'paused') OR c.handed > 0 OR c.report_at IS NOT NULL)
       AND c.created_at < now() - $1 * interval '1 millisecond'
       AND (c.woken_at IS NULL OR c.woken_at < now() - least($1 * 2 ^ least(c.wakes, 10), 3600000) * interval '1 millisecond')
     ORDER BY c.woken_at NULLS FIRST LIMIT $2
   )
   UPDATE campaigns c SET woken_at = now(),
     wakes = CASE WHEN c.woken_at < now() - interval '2 hours' THEN 1 ELSE c.wakes + 1 END
   FROM due WHERE c.id = due.id
   RETURNING c.id AS "campaignId"`,
  { campaignId: uuid },
);

/**
 * Finds campaigns that have something left to do, and notes that they are looked after. One that stays so is found less and less often, at
 * least every hour.
 */
export async function findLostCampaigns(
  transaction: Transaction,
  { overdueByMs, limit }: { readonly overdueByMs: number; readonly limit: number },
): Promise<string[]> {
  return (await rows(transaction, FIND, [overdueByMs, limit])).map(({ campaignId }) => campaignId);
}
