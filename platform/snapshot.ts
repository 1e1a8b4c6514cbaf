import type { DataSource, EntityManager } from 'typeorm';

import { ANSWER_MARGIN_MS } from './postgres';
import type { AnsweringClient } from './postgres-client';

/**
 * Runs reads that must all see the same instant, in one REPEATABLE READ READ ONLY transaction. It neither blocks others nor
 * waits for them. A long one delays the clean-up of old rows, so use it for checks, not for requests of buyers.
 *
 * @param statementTimeoutMs how long one statement may take, instead of the pool's own limit
 */
export async function withSnapshot<T>(
  database: DataSource,
  { statementTimeoutMs }: { readonly statementTimeoutMs: number },
  work: (snapshot: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = database.createQueryRunner();
  const client = (await runner.connect()) as AnsweringClient;
  const usual = client.answerTimeoutMs;
  try {
    client.answerTimeoutMs = statementTimeoutMs + ANSWER_MARGIN_MS;
    await runner.query('START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await runner.query(`SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`);
      return await work(runner.manager);
    } finally {
      // There is nothing to commit. When even this fails the connection is broken, and the pool drops it.
      await runner.query('ROLLBACK').catch(() => {});
    }
  } finally {
    client.answerTimeoutMs = usual;
    await runner.release();
  }
}
