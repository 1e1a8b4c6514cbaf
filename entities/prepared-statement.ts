import { createHash } from 'node:crypto';

import { QueryFailedError, QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';

interface Statement {
  readonly name: string | undefined;
  readonly text: string;
  readonly values: unknown[];
}

/** The part of a connection of `pg` that is needed here. */
interface Connection {
  query(statement: Statement): Promise<{ rows: unknown[] }>;
}

/** The shop has less than half as many texts. More would fill Postgres with plans, so they run unnamed. */
export const TEXTS_AT_MOST = 2_000;
const names = new Map<string, string>();
let forgotten = 0;

/**
 * The errors of a prepared statement whose table a migration has changed (0A000), that Postgres does not know (26000) or already
 * knows (42P05): https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const OUTDATED = new Set(['0A000', '26000', '42P05']);

/** A text has one name in every process. Behind a pooler, one name for two texts would run the wrong one. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= TEXTS_AT_MOST) return known;
  const name = `asoud_${createHash('sha256').update(text).digest('hex').slice(0, 32)}_${forgotten}`;
  names.set(text, name);
  return name;
}

/** Makes every connection of this process prepare the text again, under another name. */
function forget(text: string, name: string | undefined): void {
  if (names.get(text) !== name) return;
  forgotten += 1;
  names.delete(text);
}

/**
 * Runs a prepared statement. Each connection parses it once and, after some uses, keeps its plan; parsing and planning are most
 * of the cost of the longer statements (https://www.postgresql.org/docs/18/sql-prepare.html). TypeORM cannot name a statement,
 * so this bypasses it and calls only its logger.
 *
 * An outdated statement is prepared again: at once outside a transaction, and otherwise when the failed transaction is retried.
 */
export async function runPrepared(
  runner: QueryRunner,
  text: string,
  parameters: readonly unknown[],
): Promise<unknown[]> {
  const name = nameOf(text);
  try {
    return await run(runner, { name, text, values: [...parameters] });
  } catch (error) {
    if (!isOutdated(error)) throw error;
    forget(text, name);
    if (runner.isTransactionActive) throw error;
    return run(runner, { name: nameOf(text), text, values: [...parameters] });
  }
}

function isOutdated(error: unknown): boolean {
  return (
    error instanceof QueryFailedError && OUTDATED.has((error.driverError as { code?: string }).code ?? '')
  );
}

async function run(runner: QueryRunner, statement: Statement): Promise<unknown[]> {
  const connection = (await runner.connect()) as Connection;
  // A statement that was not awaited must not run in the next transaction of the connection.
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  runner.dataSource.logger.logQuery(statement.text, undefined, runner);
  try {
    return (await connection.query(statement)).rows;
  } catch (error) {
    throw new QueryFailedError(statement.text, statement.values, error as Error);
  }
}
