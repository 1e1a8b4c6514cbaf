import { AppError, assertThat, type ErrorCode, type StockHolder } from '../errors';
import { boolean, integer, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { LockedLevel } from './lock-levels';

/** How many shortages and how many orders a refusal names. */
const MOST_NAMED = 20;
/** The most units of a level, and of one act on it. A constraint of `stock_levels` has it too. */
export const MOST_LEVEL_UNITS = 1_000_000_000;

const HOLDERS = statement<StockHolder>(
  `SELECT order_id AS "orderId", variant_id AS "variantId", location_id AS "locationId", quantity - shipped AS quantity,
     state = 'committed' AS "isPaid"
   FROM reservations
   WHERE (variant_id, location_id) IN (
       SELECT variant_id, location_id FROM unnest($1::uuid[], $2::uuid[]) AS w(variant_id, location_id))
     AND (state = 'held' OR state = 'committed' AND shipped < quantity)
   ORDER BY "isPaid", order_id, variant_id, location_id
   LIMIT ${MOST_NAMED}`,
  { orderId: uuid, variantId: uuid, locationId: uuid, quantity: integer, isPaid: boolean },
);

/** A change of a locked level. */
export interface LevelChange {
  readonly level: LockedLevel;
  readonly delta: number;
}

/**
 * Refuses changes that would leave less than orders have reserved, or more than any level holds.
 *
 * @param code of the refusal; it names the levels and the orders that hold their goods
 * @throws AppError with the code, or `stock.too_many_units`
 */
export async function refuseShortages(
  transaction: Transaction,
  code: ErrorCode & ('stock.below_reserved' | 'transfer.not_free'),
  changes: readonly LevelChange[],
): Promise<void> {
  for (const { level, delta } of changes) refuseTooManyUnits(level.variantId, level.onHand + delta);
  const shortages = changes
    .filter(isShort)
    .slice(0, MOST_NAMED)
    .map(({ level, delta }) => {
      const { variantId, locationId, onHand, reserved } = level;
      return { variantId, locationId, onHand, reserved, left: onHand + delta };
    });
  if (shortages.length === 0) return;
  const holders = await rows(transaction, HOLDERS, [
    shortages.map(({ variantId }) => variantId),
    shortages.map(({ locationId }) => locationId),
  ]);
  throw new AppError(code, { shortages, holders });
}

/** @throws AppError `stock.too_many_units` for more units than any level holds */
export function refuseTooManyUnits(variantId: string, units: number): void {
  assertThat(units <= MOST_LEVEL_UNITS, 'stock.too_many_units', { variantId });
}

/** Whether a change would leave less than is reserved. */
export function isShort({ level, delta }: LevelChange): boolean {
  return delta < 0 && level.onHand + delta < level.reserved;
}
