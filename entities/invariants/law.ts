/**
 * Something that is true of the shop at every instant, as a query that finds where it is not. Postgres enforces most
 * laws by constraints; the query finds what got past them: a restored dump, a repair by hand, a mistake in a migration.
 */
export interface Law {
  /** A stable name, that of the file. */
  readonly law: string;
  readonly sentence: string;
  /**
   * One SELECT whose every row is a breach and whose columns are the ids of what breaks the law, and what is wrong with
   * it. It passes over each table at most once or twice (aggregates and hash joins, no look-up per row), so its cost
   * grows with the tables and not faster.
   */
  readonly offenders: string;
}
