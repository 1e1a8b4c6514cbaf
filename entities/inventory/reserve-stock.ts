import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** Units of a variant that an order wants or holds. */
export interface StockLine {
  readonly variantId: string;
  readonly quantity: number;
}

const RESERVE = statement<{ variantId: string }>(
  `WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::integer[]) AS w(variant_id, quantity)),
   locked AS MATERIALIZED (
     SELECT l.variant_id, l.location_id, w.quantity
     FROM stock_levels l JOIN wanted w USING (variant_id)
     WHERE l.location_id = $3
     ORDER BY l.variant_id, l.location_id
     FOR NO KEY UPDATE OF l)
   UPDATE stock_levels l SET reserved = l.reserved + locked.quantity
   FROM locked
   WHERE (l.variant_id, l.location_id) = (locked.variant_id, locked.location_id)
     AND l.on_hand - l.reserved >= locked.quantity
   RETURNING l.variant_id AS "variantId"`,
  { variantId: uuid },
);

/**
 * Reserves all lines, or says which are missing. It locks the levels in the order of the variants before it changes one, so
 * that two carts with the same goods cannot deadlock.
 *
 * @returns the variants without enough stock. When there are any, the caller must roll back.
 */
export async function reserveStock(
  transaction: Transaction,
  locationId: string,
  lines: readonly StockLine[],
): Promise<string[]> {
  const reserved = await rows(transaction, RESERVE, [
    lines.map((line) => line.variantId),
    lines.map((line) => line.quantity),
    locationId,
  ]);
  const done = new Set(reserved.map((line) => line.variantId));
  return lines.map((line) => line.variantId).filter((variantId) => !done.has(variantId));
}
