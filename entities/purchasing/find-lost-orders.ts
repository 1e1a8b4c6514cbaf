import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const FIND = statement<{ orderId: string }>(
  `WITH due AS (
     SELECT o.id FROM purchase_orders o
     WHERE (o.finished_at IS NULL
         OR EXISTS (SELECT 1 FROM supplier_messages m WHERE m.order_id = o.id AND m.next_at IS NOT NULL)
         OR EXISTS (SELECT 1 FROM supplier_replies r WHERE r.order_id = o.id AND r.processed_at IS NULL))
       AND o.created_at < now() - $1 * interval '1 millisecond'
       AND (o.woken_at IS NULL OR o.woken_at < now() - least($1 * 2 ^ least(o.wakes, 10), 3600000) * interval '1 millisecond')
     ORDER BY o.woken_at NULLS FIRST LIMIT $2
   )
   UPDATE purchase_orders o SET woken_at = now(),
     wakes = CASE WHEN o.woken_at < now() - interval '2 hours' THEN 1 ELSE o.wakes + 1 END
   FROM due WHERE o.id = due.id
   RETURNING o.id AS "orderId"`,
  { orderId: uuid },
);

/**
 * Finds orders that are not over, or have something to tell or to hear, and notes that they are looked after. One that stays so is
 * found less and less often, at least every hour.
 */
export async function findLostOrders(
  transaction: Transaction,
  { overdueByMs, limit }: { readonly overdueByMs: number; readonly limit: number },
): Promise<string[]> {
  return (await rows(transaction, FIND, [overdueByMs, limit])).map(({ orderId }) => orderId);
}
