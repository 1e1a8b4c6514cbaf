import type { EntityManager, QueryRunner } from 'typeorm';

import { runPrepared } from './prepared-statement';

/** The transaction an operation works in. An operation never opens one itself. */
export type Transaction = EntityManager;

/**
 * The one door for raw SQL: runs a statement in the transaction (or, for reads, on a connection of its own) and returns
 * its rows whatever the verb. After some uses a connection keeps one plan for any values; see {@link rowsPlannedAnew}.
 *
 * `int8` arrives as a number (the pool's own type parser, which refuses what is no safe integer; inside JSON nothing does),
 * `timestamptz` as a Date, `uuid` as a string.
 */
export function rows<Row extends object>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return onConnection(manager, (runner) => runPrepared(runner, statement, parameters) as Promise<Row[]>);
}

/**
 * {@link rows} for what is planned each time: a list or search whose text is put together for its values and whose best plan
 * hangs on them, and a check that runs rarely over whole tables.
 */
export function rowsPlannedAnew<Row extends object>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return onConnection(manager, async (runner) => {
    const result = await runner.query(statement, [...parameters], true);
    return result.records as Row[];
  });
}

/** `manager.query` would not do: it returns rows for SELECT but `[rows, count]` for UPDATE. */
async function onConnection<Row>(
  manager: EntityManager,
  work: (runner: QueryRunner) => Promise<Row[]>,
): Promise<Row[]> {
  if (manager.queryRunner) return work(manager.queryRunner);
  const runner = manager.dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
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
