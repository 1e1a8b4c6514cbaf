import { integer, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { reserveAllOrNothing } from './reserve-stock';
import { readSellingLocations } from './selling-locations';

const LINES = statement<{ variantId: string; quantity: number }>(
  `SELECT variant_id AS "variantId", sum(quantity)::integer AS quantity
   FROM reservations WHERE order_id = $1 AND state = 'released'
   GROUP BY variant_id ORDER BY variant_id`,
  { variantId: uuid, quantity: integer },
);

const FORGET = statement(`DELETE FROM reservations WHERE order_id = $1 AND state = 'released'`);

const HOLD = statement(
  `INSERT INTO reservations (order_id, variant_id, location_id, quantity, state)
   SELECT $1::uuid, taken.variant_id, taken.location_id, taken.quantity, 'held'
   FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) AS taken(variant_id, location_id, quantity)`,
);

/**
 * Holds the stock of an order again after it was released, wherever it now lies. The order must return to `awaiting_payment` in
 * the same transaction.
 *
 * @returns false when there is not enough; nothing has changed then
 */
export async function holdAgain(transaction: Transaction, orderId: string): Promise<boolean> {
  const lines = await rows(transaction, LINES, [orderId]);
  if (lines.length === 0) return true;
  const locations = await readSellingLocations(transaction);
  const { allocations } = await reserveAllOrNothing(transaction, locations, lines);
  if (!allocations) return false;
  await rows(transaction, FORGET, [orderId]);
  await rows(transaction, HOLD, [
    orderId,
    allocations.map(({ variantId }) => variantId),
    allocations.map(({ locationId }) => locationId),
    allocations.map(({ quantity }) => quantity),
  ]);
  return true;
}
