import type { DataSource, EntityManager } from 'typeorm';

/**
 * Runs reads that must all see the same instant: one REPEATABLE READ READ ONLY transaction, which blocks nobody and is
 * blocked by nobody. A long one keeps old rows from being cleaned up, so it is for checks, not for requests of buyers.
 *
 * @param statementTimeoutMs how long one statement may take, instead of the pool's own limit
 */
export async function withSnapshot<T>(
  database: DataSource,
  { statementTimeoutMs }: { readonly statementTimeoutMs: number },
  work: (snapshot: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = database.createQueryRunner();
  try {
    await runner.query('START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await runner.query(`SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`);
      return await work(runner.manager);
    } finally {
      // There is nothing to keep. A connection on which even this fails is broken, and the pool drops it.
      await runner.query('ROLLBACK').catch(() => {});
    }
  } finally {
    await runner.release();
  }
}
