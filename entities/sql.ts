import type { EntityManager } from 'typeorm';

/** The transaction an operation works in. An operation never opens one itself. */
export type Transaction = EntityManager;

/**
 * The one door for raw SQL: runs a statement in the transaction (or, for reads, on the manager's own
 * connection) and returns its rows whatever the verb. `manager.query` would return rows for SELECT but
 * `[rows, count]` for UPDATE.
 *
 * `int8` arrives as a number (the pool's own type parser), `timestamptz` as a Date, `uuid` as a string.
 */
export async function rows<Row extends object>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const runner = manager.queryRunner ?? manager.connection.createQueryRunner();
  try {
    const result = await runner.query(statement, [...parameters], true);
    return result.records as Row[];
  } finally {
    if (!manager.queryRunner) await runner.release();
  }
}

/** {@link rows} where at most one row is expected. */
export async function row<Row extends object>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row | undefined> {
  const [first] = await rows<Row>(manager, statement, parameters);
  return first;
}

/** Whether Postgres refused a statement because of this constraint or unique index. */
export function breaksConstraint(error: unknown, constraint: string): boolean {
  return (error as { driverError?: { constraint?: string } }).driverError?.constraint === constraint;
}
