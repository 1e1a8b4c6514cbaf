import { boolean, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import {
  dropLeftovers,
  findBloatedIndexes,
  findInvalidIndexes,
  hasExtension,
  rebuildIndex,
  type BloatedIndex,
  type IndexLimits,
} from './index-care';
import { readSlowStatements, type SlowStatements } from './slow-statements';
import { analyzeStaleTables, type AnalyzeLimits } from './table-care';

/** How much one night may do. */
export interface MaintenanceLimits extends IndexLimits, AnalyzeLimits {
  readonly slowStatements: number;
}

export const MAINTENANCE_LIMITS: MaintenanceLimits = {
  changedRows: 1_000,
  tables: 50,
  leastBytes: 8 * 1_024 ** 2,
  mostBytes: 1_024 ** 3,
  density: 50,
  measured: 20,
  rebuilt: 5,
  slowStatements: 10,
};

/** What a night has done, and what it has found. */
export interface MaintenanceReport {
  readonly analyzed: readonly string[];
  readonly droppedLeftovers: readonly string[];
  /** Those that somebody has locked, and why. */
  readonly keptLeftovers: Readonly<Record<string, string>>;
  /** Indexes that an interrupted build had left without effect. */
  readonly invalid: readonly string[];
  readonly bloated:
    | readonly Pick<BloatedIndex, 'name' | 'bytes' | 'density'>[]
    | { readonly unavailable: string };
  readonly rebuilt: readonly string[];
  readonly notRebuilt: Readonly<Record<string, string>>;
  readonly slowStatements: SlowStatements;
}

/** When the process is killed, the server notices so much later, and gives up its statement. */
const NOTICE = statement<{ every: string }>(
  `SELECT set_config('client_connection_check_interval', '5s', false) AS every`,
  { every: text },
);

/** Until then the statement of a killed worker goes on. */
const LOCK = statement<{ isOurs: boolean }>(
  `SELECT pg_try_advisory_lock(hashtextextended('database-maintenance', 0)) AS "isOurs"`,
  { isOurs: boolean },
);

/**
 * Takes care of the tables of the shop: statistics, indexes, and a report of costly statements. Nothing here keeps anybody from
 * reading or writing rows.
 *
 * @param connection one connection, outside a transaction
 * @throws Error while another connection maintains the database
 */
export async function maintainDatabase(
  connection: Transaction,
  limits: MaintenanceLimits,
  throwIfOver: () => void,
): Promise<MaintenanceReport> {
  await rows(connection, NOTICE);
  const { isOurs } = (await row(connection, LOCK))!;
  if (!isOurs) throw new Error('another connection maintains the database');
  const before = await dropLeftovers(connection);
  const analyzed = await analyzeStaleTables(connection, limits, throwIfOver);
  const invalid = (await findInvalidIndexes(connection)).filter(({ isLeftover }) => !isLeftover);
  const canMeasure = await hasExtension(connection, 'pgstattuple');
  const bloated = canMeasure ? await findBloatedIndexes(connection, limits) : [];
  const rebuilt: string[] = [];
  const notRebuilt: Record<string, string> = {};
  for (const index of [...invalid, ...bloated].slice(0, limits.rebuilt)) {
    throwIfOver();
    const problem =
      'bytes' in index && index.bytes > limits.mostBytes
        ? 'it is too large for a night'
        : await rebuildIndex(connection, index);
    if (problem === undefined) rebuilt.push(index.name);
    else notRebuilt[index.name] = problem;
  }
  const after = await dropLeftovers(connection);
  return {
    analyzed,
    droppedLeftovers: [...before.dropped, ...after.dropped],
    keptLeftovers: after.kept,
    invalid: invalid.map(({ name }) => name),
    bloated: canMeasure
      ? bloated.map(({ name, bytes, density }) => ({ name, bytes, density }))
      : { unavailable: 'the extension pgstattuple is not installed' },
    rebuilt,
    notRebuilt,
    slowStatements: await readSlowStatements(connection, limits.slowStatements),
  };
}
