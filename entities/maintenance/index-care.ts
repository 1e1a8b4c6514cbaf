import { boolean, integer, number, text } from '../row-shape';
import { row, rows, rowsPlannedAnew, statement, type Transaction } from '../sql';

/** An index by its name, and as it stands in SQL. */
interface NamedIndex {
  readonly name: string;
  readonly quoted: string;
}

/** An index with what a rebuild would be good for. */
export interface BloatedIndex {
  readonly name: string;
  readonly bytes: number;
  /** How full its leaves are, in percent. A fresh index has 90. */
  readonly density: number;
}

const QUOTED = `format('%I.%I', n.nspname, c.relname)`;
const INDEXES = `pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'`;
const IS_LEFTOVER = String.raw`c.relname ~ '_cc(new|old)\d*$'`;

const INVALID = statement<NamedIndex & { isLeftover: boolean }>(
  `SELECT c.relname::text AS name, ${QUOTED} AS quoted, ${IS_LEFTOVER} AS "isLeftover"
   FROM ${INDEXES} WHERE NOT i.indisvalid ORDER BY 1 LIMIT 100`,
  { name: text, quoted: text, isLeftover: boolean },
);

/** Indexes that enforce nothing and serve no query: a build was interrupted. A rebuild makes one whole; leftovers of it go. */
export function findInvalidIndexes(
  connection: Transaction,
): Promise<(NamedIndex & { isLeftover: boolean })[]> {
  return rows(connection, INVALID);
}

const DROP = statement<{ dropped: string }>(`SELECT drop_leftover_index($1)::text AS dropped`, {
  dropped: text,
});

/** Drops what rebuilds that were interrupted have left. What is locked stays until the next time, with the reason. */
export async function dropLeftovers(
  connection: Transaction,
): Promise<{ readonly dropped: readonly string[]; readonly kept: Readonly<Record<string, string>> }> {
  const dropped: string[] = [];
  const kept: Record<string, string> = {};
  for (const { name, isLeftover } of await findInvalidIndexes(connection)) {
    if (!isLeftover) continue;
    try {
      await rows(connection, DROP, [name]);
      dropped.push(name);
    } catch (error) {
      kept[name] = (error as Error).message;
    }
  }
  return { dropped, kept };
}

/** Which indexes are measured, which of them are rebuilt, and how many. */
export interface IndexLimits {
  /** Smaller ones cost nothing that a person could notice. */
  readonly leastBytes: number;
  /** A larger one would take too long, and as much space again. It is only reported. */
  readonly mostBytes: number;
  /** Percent of the leaves, below which an index is rebuilt. */
  readonly density: number;
  /** Measuring reads the whole index. The largest come first. */
  readonly measured: number;
  readonly rebuilt: number;
}

const HAS_EXTENSION = statement<{ isThere: boolean }>(
  'SELECT EXISTS (SELECT FROM pg_extension WHERE extname = $1) AS "isThere"',
  { isThere: boolean },
);

/** Whether an extension is installed in this database. */
export async function hasExtension(connection: Transaction, name: string): Promise<boolean> {
  return (await row(connection, HAS_EXTENSION, [name]))!.isThere;
}

const BLOATED = statement<NamedIndex & BloatedIndex>(
  `WITH large AS MATERIALIZED (
     SELECT c.oid, c.relname::text AS name, ${QUOTED} AS quoted, pg_relation_size(c.oid) AS bytes
     FROM ${INDEXES} JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
     WHERE c.relkind = 'i' AND i.indisvalid AND pg_relation_size(c.oid) >= $1
     ORDER BY bytes DESC, name LIMIT $2
   )
   SELECT name, quoted, bytes, density FROM large,
     LATERAL (SELECT avg_leaf_density AS density FROM pgstatindex(large.oid::regclass)) AS measured
   WHERE density < $3 ORDER BY bytes * (100 - density) DESC`,
  { name: text, quoted: text, bytes: integer, density: number },
);

/** Large indexes whose pages are mostly empty, the most wasteful first. It needs `pgstattuple`. */
export function findBloatedIndexes(
  connection: Transaction,
  { leastBytes, measured, density }: IndexLimits,
): Promise<(NamedIndex & BloatedIndex)[]> {
  return rows(connection, BLOATED, [leastBytes, measured, density]);
}

/**
 * Builds an index again beside the old one, while rows are read and written.
 *
 * @returns why it was not possible, or undefined
 */
export async function rebuildIndex(
  connection: Transaction,
  { quoted }: NamedIndex,
): Promise<string | undefined> {
  try {
    await rowsPlannedAnew(connection, { text: `REINDEX INDEX CONCURRENTLY ${quoted}`, shape: {} });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
