import { boolean } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { Reservation } from './reservation';
import { reserveStock } from './reserve-stock';

const LOCK_LEVELS = statement<{ short: boolean }>(
  `SELECT l.on_hand - l.reserved < r.quantity AS short
   FROM reservations r JOIN stock_levels l USING (variant_id, location_id)
   WHERE r.order_id = $1
   ORDER BY l.variant_id, l.location_id
   FOR NO KEY UPDATE OF l`,
  { short: boolean },
);

/**
 * Holds the stock of an order again after it was released. The order must return to `awaiting_payment` in the same
 * transaction.
 *
 * @returns false when there is not enough; the caller must then roll back or leave the order as it is
 */
export async function holdAgain(transaction: Transaction, orderId: string): Promise<boolean> {
  const lines = await transaction.find(Reservation, {
    select: { variantId: true, locationId: true, quantity: true },
    where: { orderId },
    order: { variantId: 'ASC', locationId: 'ASC' },
  });
  const [first] = lines;
  if (!first) return true;
  // The levels are locked first, so that what is available now still is when the stock is reserved.
  const levels = await rows(transaction, LOCK_LEVELS, [orderId]);
  if (levels.some(({ short }) => short)) return false;
  const missing = await reserveStock(transaction, first.locationId, lines);
  if (missing.length > 0) throw new Error(`locked stock of order ${orderId} vanished`);
  await transaction.update(Reservation, { orderId }, { state: 'held' });
  return true;
}
