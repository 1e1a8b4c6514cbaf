import { QueryFailedError, type QueryRunner } from 'typeorm';

/** What `pg` gives out as a connection, as far as it is needed here. */
interface Connection {
  query(query: { name?: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

/** The shop has far fewer texts than this; who makes them up as it goes must not fill Postgres with plans. */
const NAMES_AT_MOST = 500;
const STALE_PLAN = '0A000';
const names = new Map<string, string>();

/** The name under which every connection of this process prepares a text. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= NAMES_AT_MOST) return known;
  const name = `asoud_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/**
 * Runs a statement that each connection parses and plans once and not each time, which is most of what the longer ones cost
 * (https://www.postgresql.org/docs/18/sql-prepare.html). TypeORM cannot name a statement, so this goes past it; its logger
 * hears of the statement and its error is thrown all the same.
 */
export async function runPrepared(
  runner: QueryRunner,
  text: string,
  parameters: readonly unknown[],
): Promise<unknown[]> {
  const connection = (await runner.connect()) as Connection;
  runner.dataSource.logger.logQuery(text, undefined, runner);
  try {
    const { rows } = await connection.query({ name: nameOf(text), text, values: [...parameters] });
    return rows;
  } catch (error) {
    // A migration changed what the text returns, and only a new connection plans anew: the pool drops one that is ending.
    if ((error as { code?: string }).code === STALE_PLAN) void connection.end().catch(() => {});
    throw new QueryFailedError(text, [...parameters], error as Error);
  }
}
