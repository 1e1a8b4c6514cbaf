import { announceEvents } from '../events/record-events';
import { refuseBreach } from '../refuse-breach';
import { integer } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { lockLevels } from './lock-levels';
import { refuseTooManyUnits } from './refuse-shortages';
import type { CorrectionCause, MovementReason } from './stock-movement';

/** A change of the stock on hand, named by the business act behind it. */
export interface StockBooking {
  readonly variantId: string;
  readonly locationId: string;
  /** Units in (positive) or out (negative), not zero. */
  readonly delta: number;
  readonly reason: MovementReason;
  /** The cause: an order, a delivery, a count. One act is booked once per variant and location. */
  readonly ref: string;
  /** Of a correction, and only of one. */
  readonly cause?: CorrectionCause;
  /** The account of whoever books it. Absent for the shop itself. */
  readonly actorId?: string;
  readonly note?: string;
}

const BOOK = statement<{ booked: number }>(
  `WITH fresh AS (
     SELECT w.*, row_number() OVER level AS step, sum(delta) OVER level AS running
     FROM jsonb_to_recordset($1::jsonb)
       AS w("variantId" uuid, "locationId" uuid, delta integer, reason varchar, ref varchar, cause varchar, "actorId" uuid, note varchar)
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
   INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref, cause, actor_id, note)
   SELECT variant_id, location_id, seq + step, delta, on_hand + running, reason, ref, cause, "actorId", note
   FROM fresh JOIN moved ON (variant_id, location_id) = ("variantId", "locationId")
   RETURNING 1 AS booked`,
  { booked: integer },
);

/**
 * Books movements and changes the levels with them. A missing level begins at zero, and an act that was booked before is left
 * out. The levels are locked in the order of the variants, in SQL, as in every transaction.
 *
 * @returns how many movements are new
 * @throws AppError `stock.too_many_units`; a `QueryFailedError` when a level would fall below its reserved stock
 * (`ck_stock_levels_reserved`)
 */
export async function bookStockMany(
  transaction: Transaction,
  bookings: readonly StockBooking[],
): Promise<number> {
  await lockLevels(transaction, bookings);
  return bookLocked(transaction, bookings);
}

/** {@link bookStockMany} on levels that the transaction has locked with `lockLevels`. */
export async function bookLocked(
  transaction: Transaction,
  bookings: readonly StockBooking[],
): Promise<number> {
  for (const { variantId, delta } of bookings) refuseTooManyUnits(variantId, Math.abs(delta));
  announceEvents(transaction);
  const booked = await refuseBreach({ ck_stock_levels_on_hand: 'stock.too_many_units' }, () =>
    rows(transaction, BOOK, [JSON.stringify(bookings)]),
  );
  return booked.length;
}

/** {@link bookStockMany} for one booking. */
export async function bookStock(transaction: Transaction, booking: StockBooking): Promise<boolean> {
  return (await bookStockMany(transaction, [booking])) === 1;
}
