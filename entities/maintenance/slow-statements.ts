import { boolean, instant, integer, number, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { hasExtension } from './index-care';

/** A statement that the server spends much time on. */
export interface SlowStatement {
  /** Its beginning, without values: Postgres replaces them by `$1`. */
  readonly text: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
}

/** The most costly statements since the counters began, or why nobody knows them. */
export type SlowStatements =
  | { readonly since: Date; readonly statements: readonly SlowStatement[] }
  | { readonly unavailable: string };

const IS_LOADED = statement<{ isLoaded: boolean }>(
  `SELECT 'pg_stat_statements' = ANY(string_to_array(replace(setting, ' ', ''), ',')) AS "isLoaded"
   FROM pg_settings WHERE name = 'shared_preload_libraries'`,
  { isLoaded: boolean },
);

const SINCE = statement<{ since: Date }>('SELECT stats_reset AS since FROM pg_stat_statements_info', {
  since: instant,
});

/** Other statements than these may show values, such as the password of a new role. */
const SLOWEST = statement<SlowStatement>(
  String.raw`SELECT left(regexp_replace(query, '\s+', ' ', 'g'), 200) AS text, calls,
     round(total_exec_time::numeric, 1)::float8 AS "totalMs", round(mean_exec_time::numeric, 2)::float8 AS "meanMs"
   FROM pg_stat_statements
   WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND query ~* '^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\M'
   ORDER BY total_exec_time DESC LIMIT $1`,
  { text, calls: integer, totalMs: number, meanMs: number },
);

/** Reads the statements that took the most time in all. */
export async function readSlowStatements(connection: Transaction, atMost: number): Promise<SlowStatements> {
  const loaded = await row(connection, IS_LOADED);
  if (!loaded) return { unavailable: 'the role may not see which libraries the server loads' };
  if (!loaded.isLoaded)
    return { unavailable: 'shared_preload_libraries of the server lacks pg_stat_statements' };
  if (!(await hasExtension(connection, 'pg_stat_statements')))
    return { unavailable: 'the extension pg_stat_statements is not installed' };
  const { since } = (await row(connection, SINCE))!;
  return { since, statements: await rows(connection, SLOWEST, [atMost]) };
}
