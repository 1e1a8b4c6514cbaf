import { recordEvents } from '../events/record-events';
import {
  findImport,
  lockEach,
  recordImport,
  refuseProblems,
  resolveLines,
  type ImportLine,
  type ImportOutcome,
  type LineProblem,
  type StockTable,
} from '../inventory/import-stock';
import type { LevelKey, LockedLevel } from '../inventory/lock-levels';
import { isShort } from '../inventory/refuse-shortages';
import { integer } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { approveCount, unitsOf, valueOf, type OwnApproval } from './approve-count';
import { openCount } from './count-stock';
import { readCountLines, requireCount, type CountLineState } from './read-counts';
import { STOCK_COUNT } from './stocktaking.events';

/** A line of a table of what was counted. The units of both numbers lie on the shelf, sold ones too. */
export interface CountedImportLine extends ImportLine {
  /** What the shop believed when somebody counted: on hand, and sold but not shipped. */
  readonly expected: number;
}

/** The most locations of one table. Each is a count of its own. */
const MOST_IMPORT_LOCATIONS = 20;

const UNSHIPPED = statement<{ place: number; units: number }>(
  `SELECT w.place, coalesce(sum(r.quantity - r.shipped), 0) AS units
   FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w(variant_id, location_id, place)
     JOIN reservations r ON (r.variant_id, r.location_id) = (w.variant_id, w.location_id)
       AND r.state = 'committed' AND r.shipped < r.quantity
   GROUP BY w.place`,
  { place: integer, units: integer },
);
const FILL = statement(
  `INSERT INTO stock_count_lines (count_id, variant_id, seq_seen, unshipped_seen, counted, counted_by, counted_at)
   SELECT $1, w."variantId", w.seq, w.unshipped, w.quantity, $2, now()
   FROM jsonb_to_recordset($3::jsonb) AS w("variantId" uuid, seq integer, unshipped integer, quantity integer)`,
);
const BEGIN = statement(`UPDATE stock_counts SET status = 'counting' WHERE id = $1`);

/** A line beside its level, both of the same moment. */
interface Compared extends CountedImportLine {
  readonly level: LockedLevel;
  /** Sold, and still on the shelf. */
  readonly unshipped: number;
}

/**
 * Imports a table of what was counted as a count per location, all of it or nothing. Small differences are booked at once. With
 * large ones, of all locations together, the counts wait for somebody else to approve them. A repetition with the same id changes
 * nothing.
 *
 * @throws AppError `import.refused` with the problems of the lines, `count.location_busy`, `request.idempotency_key_reused`,
 * `auth.session_over`
 */
export async function importCounted(
  transaction: Transaction,
  actor: Actor,
  { table, own }: { readonly table: StockTable<CountedImportLine>; readonly own: OwnApproval },
): Promise<ImportOutcome> {
  const known = await findImport(transaction, 'set', table);
  if (known) return known;
  const { id, lines } = table;
  const keys = await resolveLines(transaction, 'set', lines);
  // Sorted, so that two imports of the same locations cannot wait for each other.
  const locations = [...new Set(keys.map(({ locationId }) => locationId))].toSorted();
  if (locations.length > MOST_IMPORT_LOCATIONS)
    refuseProblems([{ line: lines[0]!.line, column: 'location', code: 'too_many_locations' }]);
  const countIds = locations.map((locationId) => derivedId('stock count', id, locationId));
  for (const [place, locationId] of locations.entries())
    await openCount(transaction, actor, { id: countIds[place]!, locationId, note: null });

  const compared = await compare(transaction, keys, lines);
  refuseProblems(compared.flatMap(problemsOf));
  const counted: CountLineState[] = [];
  for (const [place, locationId] of locations.entries()) {
    const countId = countIds[place]!;
    await fill(
      transaction,
      actor,
      countId,
      compared.filter(({ level }) => level.locationId === locationId),
    );
    counted.push(...(await readCountLines(transaction, countId)));
  }
  const isSmall = unitsOf(counted) <= own.mostUnits && valueOf(counted) <= own.mostValue;
  if (isSmall) {
    for (const countId of countIds) {
      const { version } = await requireCount(transaction, countId);
      await approveCount(transaction, actor, { id: countId, seen: version, own });
    }
  }
  const booked = isSmall ? counted.filter(({ difference }) => difference !== 0).length : 0;
  return recordImport(transaction, actor, { table, mode: 'set', booked, countIds });
}

/** Locks the levels. */
async function compare(
  transaction: Transaction,
  keys: readonly LevelKey[],
  lines: readonly CountedImportLine[],
): Promise<Compared[]> {
  const levels = await lockEach(transaction, keys);
  const lists = [keys.map(({ variantId }) => variantId), keys.map(({ locationId }) => locationId)];
  const sold = await rows(transaction, UNSHIPPED, lists);
  const unshipped = new Map(sold.map(({ place, units }) => [place - 1, units]));
  return lines.map((line, place) => ({
    ...{ ...line, level: levels[place]!, unshipped: unshipped.get(place) ?? 0 },
  }));
}

function problemsOf({ line, expected, quantity, level, unshipped }: Compared): LineProblem[] {
  const shelf = level.onHand + unshipped;
  if (expected !== shelf) return [{ line, column: 'expected', code: 'moved' }];
  if (isShort({ level, delta: quantity - shelf }))
    return [{ line, column: 'quantity', code: 'below_reserved' }];
  return [];
}

async function fill(
  transaction: Transaction,
  actor: Actor,
  countId: string,
  compared: readonly Compared[],
): Promise<void> {
  const lines = compared.map(({ level: { variantId, seq }, unshipped, quantity }) => ({
    ...{ variantId, seq, unshipped, quantity },
  }));
  await rows(transaction, FILL, [countId, actor.accountId, JSON.stringify(lines)]);
  await rows(transaction, BEGIN, [countId]);
  await recordEvents(transaction, STOCK_COUNT, countId, {
    type: 'count.imported',
    payload: { lines: lines.length },
  });
}
