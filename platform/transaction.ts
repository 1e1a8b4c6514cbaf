import { setTimeout as delay } from 'node:timers/promises';

import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

import { isRetryable } from './postgres-errors';

const ATTEMPTS = 5;
const LONGEST_FIRST_PAUSE_MS = 10;

/**
 * Runs work in one READ COMMITTED transaction: START TRANSACTION, the work's statements, COMMIT, on one connection.
 * What the work throws rolls back and is thrown on. A deadlock (40P01) or a serialisation failure (40001) runs the
 * work anew up to five times, so the work must not change anything but the database. Postgres looks for deadlocks after
 * `deadlock_timeout` (a second unless set otherwise): with a shorter `lock_timeout` a deadlock ends as that instead.
 *
 * Work must not ask the pool for another connection: with as many transactions as connections they would wait for
 * each other for ever.
 */
export async function withTransaction<T>(
  database: DataSource,
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(database, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
    }
    await delay(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** attempt);
  }
}

async function runOnce<T>(
  database: DataSource,
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = database.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(runner.manager);
    await refuseFailedTransaction(runner);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await rollBack(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

/** Postgres answers COMMIT of a failed transaction with a silent rollback: work that swallowed its error must hear of it. */
async function refuseFailedTransaction(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as PoolClient & { getTransactionStatus(): string | null };
  if (client.getTransactionStatus() === 'E') {
    throw new Error(
      'a statement of this transaction failed and its error was swallowed: nothing can be committed',
    );
  }
}

async function rollBack(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // A connection that cannot roll back must not return to the pool; the pool drops one that is ending.
    const client = (await runner.connect()) as unknown as { end(): Promise<void> };
    client.end().catch(() => {});
  }
}
