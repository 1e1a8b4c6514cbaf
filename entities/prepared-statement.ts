import { createHash } from 'node:crypto';

import { QueryFailedError, QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';

interface Statement {
  readonly name: string | undefined;
  readonly text: string;
  readonly values: unknown[];
}

/** What `pg` gives out as a connection, as far as it is needed here. */
interface Connection {
  query(statement: Statement): Promise<{ rows: unknown[] }>;
}

/** The shop has far fewer texts. A caller that made up texts as it went would fill Postgres with plans; more run unnamed. */
const TEXTS_AT_MOST = 500;
const names = new Map<string, string>();
let forgotten = 0;

/**
 * What Postgres says of a statement that was prepared for a table which a migration has changed since (0A000), that it does
 * not know (26000) or knows already (42P05): https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const OUTDATED = new Set(['0A000', '26000', '42P05']);

/** The same text has the same name everywhere: behind a pooler, one name for two texts would run the wrong one. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= TEXTS_AT_MOST) return known;
  const name = `asoud_${createHash('sha256').update(text).digest('hex').slice(0, 32)}_${forgotten}`;
  names.set(text, name);
  return name;
}

/** From now on every connection of this process prepares the text anew, under another name than this one. */
function forget(text: string, name: string | undefined): void {
  if (names.get(text) !== name) return;
  forgotten += 1;
  names.delete(text);
}

/**
 * Runs a statement that each connection parses once and, after some uses, plans no more, which is most of what the longer
 * ones cost (https://www.postgresql.org/docs/18/sql-prepare.html). TypeORM cannot name a statement, so this goes past it;
 * only its logger hears of the statement.
 *
 * A preparation that is out of date is made anew: at once where the statement stands alone; in a transaction, which has
 * failed by then, by whoever runs the transaction again.
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
  // A statement that somebody forgot to await must not run in whichever transaction has the connection by now.
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  runner.dataSource.logger.logQuery(statement.text, undefined, runner);
  try {
    return (await connection.query(statement)).rows;
  } catch (error) {
    throw new QueryFailedError(statement.text, statement.values, error as Error);
  }
}
