import { integer, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { planAllocation, type Allocation, type WantedLine } from './plan-allocation';

const RESERVE_AT_ONE = statement<{ variantId: string }>(
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

const LOCK_FREE = statement<{ variantId: string; locationId: string; free: number; priority: number }>(
  `SELECT variant_id AS "variantId", location_id AS "locationId", on_hand - reserved AS free,
     array_position($2::uuid[], location_id) AS priority
   FROM stock_levels WHERE variant_id = ANY ($1::uuid[]) AND location_id = ANY ($2::uuid[])
   ORDER BY variant_id, location_id
   FOR NO KEY UPDATE`,
  { variantId: uuid, locationId: uuid, free: integer, priority: integer },
);

const TAKE = statement(
  `UPDATE stock_levels l SET reserved = l.reserved + taken.quantity
   FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS taken(variant_id, location_id, quantity)
   WHERE (l.variant_id, l.location_id) = (taken.variant_id, taken.location_id)`,
);

/** Where the lines of an order were reserved, or which variants are missing. */
export type ReservedStock =
  | { readonly allocations: readonly Allocation[]; readonly missing?: never }
  | { readonly allocations?: never; readonly missing: readonly string[] };

/**
 * Reserves all lines, or says which variants are missing. The levels are locked in the order of the variants and locations before
 * one changes, so that two carts with the same goods cannot deadlock.
 *
 * @param locations the locations that sell; the first is preferred
 * @returns the variants without enough stock, in the order of the lines. When there are any, the caller must roll back.
 */
export async function reserveStock(
  transaction: Transaction,
  locations: readonly string[],
  lines: readonly WantedLine[],
): Promise<ReservedStock> {
  const [first, ...others] = locations;
  if (first === undefined) return { missing: lines.map(({ variantId }) => variantId) };
  return others.length === 0
    ? reserveAtOne(transaction, first, lines)
    : reserveAllOrNothing(transaction, locations, lines);
}

/**
 * One statement locks and takes. A statement that waited for a lock still judges by the stock from before it waited. Another
 * order may have released some meanwhile, so what seems to be missing is looked at once more, under the locks that are now held.
 */
async function reserveAtOne(
  transaction: Transaction,
  locationId: string,
  lines: readonly WantedLine[],
): Promise<ReservedStock> {
  const missing = await takeAtOne(transaction, locationId, lines);
  const left = missing.length === 0 ? missing : await takeAtOne(transaction, locationId, missing);
  if (left.length > 0) return { missing: left.map(({ variantId }) => variantId) };
  return { allocations: lines.map(({ variantId, quantity }) => ({ variantId, locationId, quantity })) };
}

/** @returns the lines that were not reserved */
async function takeAtOne(
  transaction: Transaction,
  locationId: string,
  lines: readonly WantedLine[],
): Promise<readonly WantedLine[]> {
  const reserved = await rows(transaction, RESERVE_AT_ONE, [
    lines.map((line) => line.variantId),
    lines.map((line) => line.quantity),
    locationId,
  ]);
  const done = new Set(reserved.map((line) => line.variantId));
  return lines.filter((line) => !done.has(line.variantId));
}

/**
 * {@link reserveStock} that leaves everything as it was when something is missing. It locks, then plans, then takes: a single
 * statement would plan by the stock from before it waited for the locks.
 */
export async function reserveAllOrNothing(
  transaction: Transaction,
  locations: readonly string[],
  lines: readonly WantedLine[],
): Promise<ReservedStock> {
  const stock = await rows(transaction, LOCK_FREE, [lines.map((line) => line.variantId), locations]);
  const allocations = planAllocation(lines, stock);
  if (!allocations) {
    const freeOf = (variantId: string) =>
      stock.reduce((sum, at) => (at.variantId === variantId ? sum + Math.max(0, at.free) : sum), 0);
    const missing = lines.filter(({ variantId, quantity }) => freeOf(variantId) < quantity);
    return { missing: missing.map(({ variantId }) => variantId) };
  }
  await rows(transaction, TAKE, [
    allocations.map(({ variantId }) => variantId),
    allocations.map(({ locationId }) => locationId),
    allocations.map(({ quantity }) => quantity),
  ]);
  return { allocations };
}
