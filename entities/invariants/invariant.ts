/**
 * Something that is true of the shop at every instant, as a query that finds where it is not. Postgres enforces most
 * invariants by constraints; the query finds what got past them: a restored dump, a repair by hand, a mistake in a migration.
 */
export interface Invariant {
  /** A stable name, that of the file. */
  readonly invariant: string;
  readonly sentence: string;
  /**
   * One SELECT whose every row is a breach and whose columns are the ids of what breaks the invariant, and what is wrong with
   * it. It passes over each table at most once or twice (aggregates and hash joins, no look-up per row), so its cost
   * grows with the tables and not faster.
   */
  readonly violations: string;
}
