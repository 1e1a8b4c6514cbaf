import { announceEvents } from '../events/record-events';
import { array, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

const NEXT = statement<{ id: string; after: string }>(
  `SELECT id, showing_after AS after FROM stock_locations WHERE showing_after IS NOT NULL
   ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
  { id: uuid, after: uuid },
);
const PAGE = statement<{ variantIds: string[] | null }>(
  `SELECT array_agg(variant_id ORDER BY variant_id) AS "variantIds" FROM (
     SELECT variant_id FROM stock_levels WHERE location_id = $1 AND variant_id > $2
     ORDER BY variant_id LIMIT $3) AS page`,
  { variantIds: nullable(array(uuid)) },
);
const SHOW = statement<{ shown: string }>('SELECT show_availability($1)::text AS shown', { shown: text });
const ADVANCE = statement('UPDATE stock_locations SET showing_after = $2 WHERE id = $1');

/**
 * Shows the next variants of a location that was switched on or off, as many as one transaction may lock.
 *
 * @returns how many; null when no location waits for it
 */
export async function showNextOfSwitched(transaction: Transaction, limit: number): Promise<number | null> {
  const location = await row(transaction, NEXT);
  if (!location) return null;
  const { variantIds } = (await row(transaction, PAGE, [location.id, location.after, limit]))!;
  if (variantIds) {
    await rows(transaction, SHOW, [variantIds]);
    announceEvents(transaction);
  }
  await rows(transaction, ADVANCE, [location.id, variantIds?.at(-1) ?? null]);
  return variantIds?.length ?? 0;
}

/** In SQL: whether the public is not yet told of a variant, because a location of it was switched. `variant` is its id. */
export const isYetToBeShown = (variant: string): string => `EXISTS (
  SELECT FROM stock_levels late JOIN stock_locations switched
    ON switched.id = late.location_id AND late.variant_id > switched.showing_after
  WHERE late.variant_id = ${variant})`;
