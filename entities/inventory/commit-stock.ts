import { rows, statement, type Transaction } from '../sql';

const COMMIT = statement(
  `WITH held AS MATERIALIZED (
     SELECT r.variant_id, r.location_id, r.quantity
     FROM reservations r JOIN stock_levels l USING (variant_id, location_id)
     WHERE r.order_id = $1 AND r.state = 'held'
     ORDER BY r.variant_id, r.location_id
     FOR NO KEY UPDATE OF l),
   sold AS (
     UPDATE stock_levels l
     SET reserved = l.reserved - held.quantity, on_hand = l.on_hand - held.quantity, movement_seq = l.movement_seq + 1
     FROM held WHERE (l.variant_id, l.location_id) = (held.variant_id, held.location_id)
     RETURNING l.variant_id, l.location_id, l.on_hand, l.movement_seq, held.quantity),
   booked AS (
     INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
     SELECT variant_id, location_id, movement_seq, -quantity, on_hand, 'sale', $1::text FROM sold)
   UPDATE reservations r SET state = 'committed'
   FROM held
   WHERE r.order_id = $1::uuid AND (r.variant_id, r.location_id) = (held.variant_id, held.location_id)`,
);

/** Books the stock that an order holds as sold. The order must become `placed` in the same transaction. */
export async function commitStock(transaction: Transaction, orderId: string): Promise<void> {
  await rows(transaction, COMMIT, [orderId]);
}
