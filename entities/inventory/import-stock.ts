import { AppError, assertThat, type ErrorDetails } from '../errors';
import { array, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { bookLocked } from './book-stock';
import { lockLevels, type LevelKey, type LockedLevel } from './lock-levels';
import { refuseShortages } from './refuse-shortages';
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
  /** Units that have arrived, or that were counted. */
  readonly quantity: number;
}

/** A table of stock. */
export interface StockTable<Line extends ImportLine = ImportLine> {
  /** The name of this import, the same for every repetition. */
  readonly id: string;
  /** SHA-256 (hex) of its bytes. */
  readonly digest: string;
  readonly lines: readonly Line[];
}

/** What an import did, or had done before. */
export interface ImportOutcome {
  readonly id: string;
  readonly lines: number;
  /** Lines that changed a level at once. */
  readonly booked: number;
  /** The counts that it opened. */
  readonly countIds: string[];
  /** True: the request was repeated, and nothing has changed now. */
  readonly isRepeated: boolean;
}

interface KnownImport extends Omit<ImportOutcome, 'isRepeated'> {
  readonly digest: string;
  readonly mode: string;
}

const FIND_IMPORT = statement<KnownImport>(
  `SELECT id, digest, mode, lines, booked, count_ids AS "countIds" FROM stock_imports WHERE id = $1`,
  { id: uuid, digest: text, mode: text, lines: integer, booked: integer, countIds: array(uuid) },
);
/** Repetitions of one request run one after the other. */
const LOCK_IMPORT = statement(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS locked`, {
  locked: text,
});
const RECORD = statement(
  `INSERT INTO stock_imports (id, digest, mode, lines, booked, count_ids, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
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
 * Books a table of goods that have arrived, all of it or nothing. A repetition with the same id books nothing.
 *
 * @throws AppError `import.refused` with the problems of the lines, `request.idempotency_key_reused`, `stock.too_many_units`,
 * `auth.session_over`
 */
export async function importReceived(
  transaction: Transaction,
  actor: Actor,
  table: StockTable,
): Promise<ImportOutcome> {
  const known = await findImport(transaction, 'add', table);
  if (known) return known;
  const { id, lines } = table;
  const keys = await resolveLines(transaction, 'add', lines);
  const levels = await lockEach(transaction, keys);
  const changes = lines.map(({ line, quantity }, place) => ({
    line,
    level: levels[place]!,
    delta: quantity,
  }));
  await refuseShortages(transaction, 'stock.below_reserved', changes);
  await bookLocked(
    transaction,
    changes.map(({ line, level: { variantId, locationId }, delta }) => ({
      ...{ variantId, locationId, delta, reason: 'received' as const },
      ...{ ref: `import:${id}:${line}`, actorId: actor.accountId },
    })),
  );
  return recordImport(transaction, actor, { table, mode: 'add', booked: lines.length, countIds: [] });
}

/**
 * The outcome of an earlier request with this id. Whoever asks second waits until the first has ended.
 *
 * @throws AppError `request.idempotency_key_reused` when that request had another table or mode
 */
export async function findImport(
  transaction: Transaction,
  mode: ImportMode,
  { id, digest }: Pick<StockTable, 'id' | 'digest'>,
): Promise<ImportOutcome | undefined> {
  await rows(transaction, LOCK_IMPORT, [id]);
  const known = await row(transaction, FIND_IMPORT, [id]);
  if (!known) return undefined;
  assertThat(known.digest === digest && known.mode === mode, 'request.idempotency_key_reused');
  const { lines, booked, countIds } = known;
  return { id, lines, booked, countIds, isRepeated: true };
}

/** Notes a table that was imported, in the record of staff too. */
export async function recordImport(
  transaction: Transaction,
  actor: Actor,
  done: {
    readonly table: StockTable;
    readonly mode: ImportMode;
    readonly booked: number;
    readonly countIds: string[];
  },
): Promise<ImportOutcome> {
  const { table, mode, booked, countIds } = done;
  const { id, digest, lines } = table;
  const values = [id, digest, mode, lines.length, booked, countIds, actor.accountId];
  await rows(transaction, RECORD, values);
  await audited(transaction, actor, {
    action: 'stock.import',
    object: { type: 'stock_import', id },
    details: { mode, lines: lines.length, booked },
  });
  return { id, lines: lines.length, booked, countIds, isRepeated: false };
}

/** @throws AppError `import.refused` when there are problems */
export function refuseProblems(problems: readonly LineProblem[]): void {
  if (problems.length > 0)
    throw new AppError('import.refused', { problems: problems.slice(0, MOST_PROBLEMS) });
}

/**
 * The level that each line means.
 *
 * @throws AppError `import.refused`
 */
export async function resolveLines(
  transaction: Transaction,
  mode: ImportMode,
  lines: readonly ImportLine[],
): Promise<LevelKey[]> {
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
  return keys;
}

/** Locks levels, and returns them in the order of the keys. */
export async function lockEach(transaction: Transaction, keys: readonly LevelKey[]): Promise<LockedLevel[]> {
  const levels = new Map((await lockLevels(transaction, keys)).map((level) => [nameOf(level), level]));
  return keys.map((key) => levels.get(nameOf(key))!);
}

const nameOf = ({ variantId, locationId }: LevelKey) => `${variantId} ${locationId}`;
