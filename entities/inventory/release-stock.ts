import { rows, statement, type Transaction } from '../sql';

const RELEASE = statement(
  `WITH held AS MATERIALIZED (
     SELECT r.variant_id, r.location_id, r.quantity
     FROM reservations r JOIN stock_levels l USING (variant_id, location_id)
     WHERE r.order_id = $1 AND r.state = 'held'
     ORDER BY r.variant_id, r.location_id
     FOR NO KEY UPDATE OF l),
   released AS (
     UPDATE stock_levels l SET reserved = l.reserved - held.quantity
     FROM held WHERE (l.variant_id, l.location_id) = (held.variant_id, held.location_id))
   UPDATE reservations r SET state = 'released'
   FROM held
   WHERE r.order_id = $1 AND (r.variant_id, r.location_id) = (held.variant_id, held.location_id)`,
);

/** Releases the stock that an order holds. The order must leave `awaiting_payment` in the same transaction. */
export async function releaseStock(transaction: Transaction, orderId: string): Promise<void> {
  await rows(transaction, RELEASE, [orderId]);
}
