import { rows, type Transaction } from '../sql';
import { reserveStock, type StockLine } from './reserve-stock';

/**
 * Takes the stock of an order again that had let it go. The order must come back to `awaiting_payment` in the same
 * transaction.
 *
 * @returns false when there is not enough; the caller must then roll back or leave the order as it is
 */
export async function holdAgain(transaction: Transaction, orderId: string): Promise<boolean> {
  const lines = await rows<StockLine & { locationId: string }>(
    transaction,
    `SELECT variant_id AS "variantId", location_id AS "locationId", quantity FROM reservations
     WHERE order_id = $1 ORDER BY variant_id, location_id`,
    [orderId],
  );
  const [first] = lines;
  if (!first) return true;
  if (!(await allAvailable(transaction, orderId))) return false;
  const missing = await reserveStock(transaction, first.locationId, lines);
  if (missing.length > 0) throw new Error(`locked stock of order ${orderId} vanished`);
  await rows(transaction, `UPDATE reservations SET state = 'held' WHERE order_id = $1`, [orderId]);
  return true;
}

/** Locks the levels first, so that what it saw still holds when the stock is taken. */
async function allAvailable(transaction: Transaction, orderId: string): Promise<boolean> {
  const short = await rows<{ short: boolean }>(
    transaction,
    `SELECT l.on_hand - l.reserved < r.quantity AS short
     FROM reservations r JOIN stock_levels l USING (variant_id, location_id)
     WHERE r.order_id = $1
     ORDER BY l.variant_id, l.location_id
     FOR NO KEY UPDATE OF l`,
    [orderId],
  );
  return short.every((level) => !level.short);
}
