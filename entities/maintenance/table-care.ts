import { text } from '../row-shape';
import { rows, rowsPlannedAnew, statement, type Transaction } from '../sql';

/** A table by its name, and as it stands in SQL. */
interface Named {
  readonly name: string;
  readonly quoted: string;
}

/**
 * Tables whose statistics are out of date. Autovacuum waits for a tenth of a table; a plan is wrong before that where new rows
 * differ from old ones, as dates do.
 */
const STALE = statement<Named>(
  `SELECT s.relname::text AS name, format('%I.%I', s.schemaname, s.relname) AS quoted
   FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
   WHERE s.schemaname = 'public' AND s.n_mod_since_analyze >= greatest($1, 0.02 * c.reltuples)
   ORDER BY s.n_mod_since_analyze::numeric / greatest(c.reltuples, 1) DESC, 1 LIMIT $2`,
  { name: text, quoted: text },
);

/** Which tables are worth an ANALYZE. */
export interface AnalyzeLimits {
  /** Rows that have changed since the last time. A fiftieth of the table counts where that is more. */
  readonly changedRows: number;
  readonly tables: number;
}

/** Renews the statistics of tables that have changed much. Returns their names. */
export async function analyzeStaleTables(
  connection: Transaction,
  { changedRows, tables }: AnalyzeLimits,
  throwIfOver: () => void,
): Promise<string[]> {
  const stale = await rows(connection, STALE, [changedRows, tables]);
  for (const { quoted } of stale) {
    throwIfOver();
    await rowsPlannedAnew(connection, { text: `ANALYZE ${quoted}`, shape: {} });
  }
  return stale.map(({ name }) => name);
}
