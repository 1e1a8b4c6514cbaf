import { AppError, type ErrorDetails } from '../errors';
import { integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { bookLocked, type StockBooking } from './book-stock';
import { lockLevels, type LevelKey, type LockedLevel } from './lock-levels';
import { isShort, refuseShortages } from './refuse-shortages';
import type { ImportMode } from './stock-import';

/** The most lines of a table that is imported in one transaction, whose locks others wait for. */
export const MOST_IMPORT_LINES = 2_000;
/** The most problems that a refusal names. */
export const MOST_PROBLEMS = 1_000;
/** The most units that a line may have. */
export const MOST_LINE_UNITS = 1_000_000;

/** What is wrong with a line of a table. */
export type LineProblem = NonNullable<ErrorDetails['problems']>[number];

/** A line of a table of stock. */
export interface ImportLine {
  /** Counts from 1, as an editor shows it. */
  readonly line: number;
  readonly sku: string;
  /** The code of a location. */
  readonly location: string;
  readonly quantity: number;
}

/** A table of stock. */
export interface StockTable {
  /** SHA-256 (hex) of its bytes. */
  readonly digest: string;
  readonly mode: ImportMode;
  readonly lines: readonly ImportLine[];
}

/** What an import did, or had done before. */
export interface ImportOutcome {
  readonly id: string;
  readonly lines: number;
  /** Lines that changed a level. */
  readonly booked: number;
  /** True: the same table was imported before, and nothing has changed now. */
  readonly isRepeated: boolean;
}

const FIND_IMPORT = statement<{ lines: number; booked: number }>(
  'SELECT lines, booked FROM stock_imports WHERE id = $1',
  { lines: integer, booked: integer },
);
/** Two imports of one table run one after the other. */
const LOCK_IMPORT = statement(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS locked`, {
  locked: text,
});
const RECORD = statement(
  `INSERT INTO stock_imports (id, digest, mode, lines, booked, actor_id) VALUES ($1, $2, $3, $4, $5, $6)`,
);

interface Resolved {
  readonly line: number;
  readonly variantId: string | null;
  readonly status: string | null;
  readonly locationId: string | null;
}

const RESOLVE = statement<Resolved>(
  `SELECT w.line, v.id AS "variantId", v.status, p.id AS "locationId"
   FROM unnest($1::integer[], $2::varchar[], $3::varchar[]) AS w(line, sku, code)
     LEFT JOIN variants v ON v.sku = w.sku LEFT JOIN stock_locations p ON p.code = w.code
   ORDER BY w.line`,
  { line: integer, variantId: nullable(uuid), status: nullable(text), locationId: nullable(uuid) },
);

/**
 * Imports a table of stock, all of it or nothing. The same table in the same mode is imported once.
 *
 * @throws AppError `import.refused` with the problems of the lines, `auth.session_over`
 */
export async function importStock(
  transaction: Transaction,
  actor: Actor,
  { digest, mode, lines }: StockTable,
): Promise<ImportOutcome> {
  const id = derivedId('stock import', digest, mode);
  await rows(transaction, LOCK_IMPORT, [id]);
  const known = await row(transaction, FIND_IMPORT, [id]);
  if (known) return { id, ...known, isRepeated: true };

  const levels = await lockResolved(transaction, mode, lines);
  const changes = lines
    .map(({ line, quantity }, place) => {
      const level = levels[place]!;
      return { line, level, delta: mode === 'set' ? quantity - level.onHand : quantity };
    })
    .filter(({ delta }) => delta !== 0);
  refuseProblems(
    changes.filter(isShort).map(({ line }) => ({ line, column: 'quantity', code: 'below_reserved' })),
  );
  await refuseShortages(transaction, 'stock.below_reserved', changes);
  const act = mode === 'set' ? ({ reason: 'correction', cause: 'count' } as const) : RECEIVED;
  const bookings = changes.map(({ line, level: { variantId, locationId }, delta }): StockBooking => {
    const ref = `import:${digest}:${line}`;
    return { variantId, locationId, delta, ref, actorId: actor.accountId, ...act };
  });
  await bookLocked(transaction, bookings);
  const values = [id, digest, mode, lines.length, bookings.length, actor.accountId];
  await rows(transaction, RECORD, values);
  await audited(transaction, actor, {
    action: 'stock.import',
    object: { type: 'stock_import', id },
    details: { mode, lines: lines.length, booked: bookings.length },
  });
  return { id, lines: lines.length, booked: bookings.length, isRepeated: false };
}

const RECEIVED = { reason: 'received' } as const;

/** @throws AppError `import.refused` when there are problems */
export function refuseProblems(problems: readonly LineProblem[]): void {
  if (problems.length > 0)
    throw new AppError('import.refused', { problems: problems.slice(0, MOST_PROBLEMS) });
}

/**
 * The locked level of each line.
 *
 * @throws AppError `import.refused`
 */
async function lockResolved(
  transaction: Transaction,
  mode: ImportMode,
  lines: readonly ImportLine[],
): Promise<LockedLevel[]> {
  const resolved = await rows(transaction, RESOLVE, [
    lines.map(({ line }) => line),
    lines.map(({ sku }) => sku),
    lines.map(({ location }) => location),
  ]);
  const seen = new Set<string>();
  const problems: LineProblem[] = [];
  const keys: LevelKey[] = [];
  for (const { line, variantId, status, locationId } of resolved) {
    if (variantId === null) problems.push({ line, column: 'sku', code: 'sku_unknown' });
    if (locationId === null) problems.push({ line, column: 'location', code: 'location_unknown' });
    if (variantId === null || locationId === null) continue;
    if (status === 'retired' && mode === 'add') problems.push({ line, column: 'sku', code: 'sku_retired' });
    if (seen.has(nameOf({ variantId, locationId })))
      problems.push({ line, column: null, code: 'line_repeated' });
    seen.add(nameOf({ variantId, locationId }));
    keys.push({ variantId, locationId });
  }
  refuseProblems(problems);
  const levels = new Map((await lockLevels(transaction, keys)).map((level) => [nameOf(level), level]));
  return keys.map((key) => levels.get(nameOf(key))!);
}

const nameOf = ({ variantId, locationId }: LevelKey) => `${variantId} ${locationId}`;
