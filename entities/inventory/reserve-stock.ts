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
 * A statement that waited for a lock still judges by the stock from before it waited. Another order may have released some
 * meanwhile, so what seems to be missing is looked at once more, under the locks that are now held.
 *
 * @returns the variants without enough stock. When there are any, the caller must roll back.
 */
export async function reserveStock(
  transaction: Transaction,
  locationId: string,
  lines: readonly StockLine[],
): Promise<string[]> {
  const missing = await reserve(transaction, locationId, lines);
  const left = missing.length === 0 ? missing : await reserve(transaction, locationId, missing);
  return left.map((line) => line.variantId);
}

/** @returns the lines that were not reserved */
async function reserve(
  transaction: Transaction,
  locationId: string,
  lines: readonly StockLine[],
): Promise<readonly StockLine[]> {
  const reserved = await rows(transaction, RESERVE, [
    lines.map((line) => line.variantId),
    lines.map((line) => line.quantity),
    locationId,
  ]);
  const done = new Set(reserved.map((line) => line.variantId));
  return lines.filter((line) => !done.has(line.variantId));
}
