import type { EntityManager, QueryRunner } from 'typeorm';

import { runPrepared } from './prepared-statement';
import { shapeProblem, type RowShape } from './row-shape';

/** The transaction of an operation, which never opens one itself. */
export type Transaction = EntityManager;

/** Raw SQL, and the columns of its result. */
export interface Statement<Row extends object> {
  readonly text: string;
  readonly shape: RowShape<Row>;
}

const declared: Statement<object>[] = [];

/**
 * Declares a statement with a fixed text, once, when its file is loaded. A test compares the columns of each declared
 * statement with what Postgres says of it. Without a shape the statement returns nothing.
 */
export function statement<Row extends object = Record<never, never>>(
  text: string,
  shape: RowShape<Row> = {} as RowShape<Row>,
): Statement<Row> {
  const made = { text, shape };
  declared.push(made);
  return made;
}

/** The statements of all files that were loaded so far. */
export function declaredStatements(): readonly Statement<object>[] {
  return declared;
}

/**
 * The one door for raw SQL. It runs a statement in the transaction (a read also on a connection of its own) and returns its
 * rows, whatever the verb. After some uses a connection keeps one plan for all values; see {@link rowsPlannedAnew}.
 *
 * `int8` arrives as a number: the pool's own parser refuses what is not a safe integer, but inside JSON nothing does.
 * `timestamptz` arrives as a Date, `uuid` as a string.
 *
 * @throws TypeError when a row is not what the statement's shape says
 */
export function rows<Row extends object>(
  manager: EntityManager,
  { text, shape }: Statement<Row>,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return onConnection(manager, async (runner) =>
    checkedRows(await runPrepared(runner, text, parameters), { text, shape }),
  );
}

/**
 * {@link rows} for a statement that is planned for each use: a list or search whose text depends on its values and whose best
 * plan depends on them, or a rare check over whole tables.
 */
export function rowsPlannedAnew<Row extends object>(
  manager: EntityManager,
  { text, shape }: Statement<Row>,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  return onConnection(manager, async (runner) => {
    const result = await runner.query(text, [...parameters], true);
    return checkedRows(result.records as unknown[], { text, shape });
  });
}

/** {@link rows} where at most one row is expected. */
export async function row<Row extends object>(
  manager: EntityManager,
  statement: Statement<Row>,
  parameters: readonly unknown[] = [],
): Promise<Row | undefined> {
  const [first] = await rows(manager, statement, parameters);
  return first;
}

/** Whether Postgres refused a statement because of this constraint or unique index. */
export function breaksConstraint(error: unknown, constraint: string): boolean {
  return (error as { driverError?: { constraint?: string } }).driverError?.constraint === constraint;
}

/**
 * The rows of a declared statement that ran on a connection of its own, outside TypeORM.
 * @throws TypeError when a row is not what the statement's shape says
 */
export function checkedRows<Row extends object>(
  found: readonly unknown[],
  { text, shape }: Statement<Row>,
): Row[] {
  for (const row of found) {
    const problem = shapeProblem(row, shape);
    if (problem !== undefined)
      throw new TypeError(`A row is not what its type says: ${problem}. Statement: ${text}`);
  }
  return found as Row[];
}

/** `manager.query` does not serve: it returns rows for SELECT, but `[rows, count]` for UPDATE. */
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
