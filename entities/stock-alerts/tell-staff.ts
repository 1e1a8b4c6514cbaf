import { text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { StockAlertKind } from './stock-subscription';
import { storeNotices } from './store-notices';

const ALERTS_AT_ONCE = 10;

const READ_ALERTS = statement<{ id: string; kind: StockAlertKind }>(
  `SELECT id, kind FROM stock_alerts WHERE variant_id = $1 AND staff_told_at IS NULL
   ORDER BY created_at, id LIMIT ${ALERTS_AT_ONCE}`,
  { id: uuid, kind: text },
);

/** Only people who still work for the shop, and who asked before the crossing was noted. */
const READ_UNTOLD = statement<{ accountId: string }>(
  `WITH RECURSIVE above AS (
     SELECT p.category_id AS id, 1 AS height FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = $2
     UNION ALL
     SELECT c.parent_id, above.height + 1 FROM above JOIN categories c ON c.id = above.id
     WHERE c.parent_id IS NOT NULL AND above.height < 20)
   SELECT DISTINCT s.account_id AS "accountId"
   FROM stock_alerts a JOIN stock_subscriptions s ON s.audience = 'staff' AND s.kind = a.kind AND s.created_at <= a.created_at
     JOIN accounts holder ON holder.id = s.account_id AND holder.status = 'active'
   WHERE a.id = $1
     AND (s.variant_id = $2 OR s.category_id IN (SELECT id FROM above) OR coalesce(s.variant_id, s.category_id) IS NULL)
     AND EXISTS (SELECT 1 FROM account_roles r WHERE r.account_id = s.account_id AND r.role IN ('staff', 'admin'))
     AND NOT EXISTS (
       SELECT 1 FROM stock_notices n WHERE n.alert_id = a.id AND n.account_id = s.account_id AND n.audience = 'staff')
   ORDER BY 1 LIMIT $3`,
  { accountId: uuid },
);

const DONE = statement('UPDATE stock_alerts SET staff_told_at = $2 WHERE id = $1');

/** The variant whose stock crossed, and the people that one transaction tells at most. */
export interface TellStaff {
  readonly variantId: string;
  readonly sku: string;
  readonly now: Date;
  readonly atMost: number;
}

/** Stores notices of the alerts that not all staff have heard of. Returns whether more of them wait. */
export async function tellStaff(
  transaction: Transaction,
  { variantId, sku, now, atMost }: TellStaff,
): Promise<boolean> {
  const alerts = await rows(transaction, READ_ALERTS, [variantId]);
  let left = atMost;
  for (const { id: alertId, kind } of alerts) {
    const untold = await rows(transaction, READ_UNTOLD, [alertId, variantId, left]);
    const accountIds = untold.map(({ accountId }) => accountId);
    if (accountIds.length > 0)
      await storeNotices(transaction, {
        alertId,
        variantId,
        kind,
        audience: 'staff',
        accountIds,
        name: sku,
        now,
      });
    if (accountIds.length === left) return true;
    left -= accountIds.length;
    await rows(transaction, DONE, [alertId, now]);
  }
  return alerts.length === ALERTS_AT_ONCE;
}
