/**
 * Something that is true of the shop at every instant, as a query for where it is not. Constraints enforce most invariants.
 * The query finds what got past them: a restored dump, a repair by hand, a mistake in a migration.
 */
export interface Invariant {
  /** A stable name, which people and alerts use. */
  readonly invariant: string;
  readonly sentence: string;
  /**
   * One SELECT. Each row is a violation: the ids of what violates the invariant, and what is wrong with it. It reads each
   * table once or twice (aggregates and hash joins, no look-up per row), so its cost grows only with the tables.
   */
  readonly violations: string;
}
