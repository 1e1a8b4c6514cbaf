import type { DataSource, EntityManager } from 'typeorm';

import { ANSWER_MARGIN_MS } from './postgres';
import type { AnsweringClient } from './postgres-client';
import { withTransaction } from './transaction';

/**
 * {@link withTransaction} for rare work over whole tables, which takes longer than requests may. It should lock nothing that a
 * buyer needs.
 *
 * @param statementTimeoutMs how long one statement may take, instead of the pool's own limit
 */
export function withLongTransaction<T>(
  database: DataSource,
  { statementTimeoutMs }: { readonly statementTimeoutMs: number },
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  return withTransaction(database, async (transaction) => {
    const runner = transaction.queryRunner!;
    const client = (await runner.connect()) as AnsweringClient;
    const usual = client.answerTimeoutMs;
    try {
      client.answerTimeoutMs = statementTimeoutMs + ANSWER_MARGIN_MS;
      await runner.query(`SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`);
      return await work(transaction);
    } finally {
      client.answerTimeoutMs = usual;
    }
  });
}
