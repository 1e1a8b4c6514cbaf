import { rows, type Transaction } from '../sql';
import type { MovementReason } from './stock-movement';

/** A change of the stock on hand, named by the business act that caused it. */
export interface StockBooking {
  readonly variantId: string;
  readonly locationId: string;
  /** Units in (positive) or out (negative), not zero. */
  readonly delta: number;
  readonly reason: MovementReason;
  /** What caused it: an order, a delivery, a count. The same act is booked once per variant and location. */
  readonly ref: string;
}

/**
 * Books movements and moves the levels with them; a level that does not exist begins at zero. An act that was booked
 * before is left out. The levels are locked in the order of the variants, in SQL, as every transaction does.
 *
 * @returns how many movements were new
 * @throws when a level would fall below what is reserved (`ck_stock_levels_reserved`)
 */
export async function bookStockMany(
  transaction: Transaction,
  bookings: readonly StockBooking[],
): Promise<number> {
  const wanted = JSON.stringify(bookings);
  await rows(
    transaction,
    `INSERT INTO stock_levels (variant_id, location_id)
     SELECT DISTINCT "variantId", "locationId"
     FROM jsonb_to_recordset($1::jsonb) AS w("variantId" uuid, "locationId" uuid)
     ORDER BY 1, 2
     ON CONFLICT DO NOTHING`,
    [wanted],
  );
  await rows(
    transaction,
    `SELECT 1 FROM stock_levels
     WHERE (variant_id, location_id) IN (
       SELECT "variantId", "locationId" FROM jsonb_to_recordset($1::jsonb) AS w("variantId" uuid, "locationId" uuid))
     ORDER BY variant_id, location_id
     FOR NO KEY UPDATE`,
    [wanted],
  );
  const booked = await rows(
    transaction,
    `WITH fresh AS (
       SELECT w.*, row_number() OVER level AS step, sum(delta) OVER level AS running
       FROM jsonb_to_recordset($1::jsonb)
         AS w("variantId" uuid, "locationId" uuid, delta integer, reason varchar, ref varchar)
       WHERE NOT EXISTS (
         SELECT 1 FROM stock_movements m
         WHERE (m.reason, m.ref, m.variant_id, m.location_id) = (w.reason, w.ref, w."variantId", w."locationId"))
       WINDOW level AS (PARTITION BY "variantId", "locationId" ORDER BY reason, ref)
     ), moved AS (
       UPDATE stock_levels l
       SET on_hand = l.on_hand + total.delta, movement_seq = l.movement_seq + total.movements
       FROM (SELECT "variantId", "locationId", sum(delta)::integer AS delta, count(*)::integer AS movements
             FROM fresh GROUP BY 1, 2) AS total
       WHERE (l.variant_id, l.location_id) = (total."variantId", total."locationId")
       RETURNING l.variant_id, l.location_id, l.on_hand - total.delta AS on_hand, l.movement_seq - total.movements AS seq
     )
     INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
     SELECT variant_id, location_id, seq + step, delta, on_hand + running, reason, ref
     FROM fresh JOIN moved ON (variant_id, location_id) = ("variantId", "locationId")
     RETURNING 1 AS booked`,
    [wanted],
  );
  return booked.length;
}

/** {@link bookStockMany} for one booking. */
export async function bookStock(transaction: Transaction, booking: StockBooking): Promise<boolean> {
  return (await bookStockMany(transaction, [booking])) === 1;
}
