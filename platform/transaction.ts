import { setTimeout as delay } from 'node:timers/promises';

import type { PoolClient } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager, type QueryRunner } from 'typeorm';

import { isRetryable } from './postgres-errors';

const ATTEMPTS = 5;
const LONGEST_FIRST_PAUSE_MS = 10;

/**
 * Runs work in one READ COMMITTED transaction: START TRANSACTION, the work's statements, COMMIT, on one connection.
 * What the work throws rolls back and is thrown on. A deadlock, a serialisation failure or a statement that a
 * migration has outdated runs the work anew up to five times, so the work must not change anything but the database.
 * Postgres looks for deadlocks after `deadlock_timeout` (a second unless set otherwise): with a shorter `lock_timeout` a
 * deadlock ends as that instead.
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
    await commit(database, runner);
    return result;
  } catch (error) {
    await rollBack(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * Commits past TypeORM, which drops the answer's command: Postgres answers COMMIT of a failed transaction with ROLLBACK
 * and no error, so work that swallowed the error of a statement would never hear that nothing was kept.
 */
async function commit(database: DataSource, runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as PoolClient;
  database.logger.logQuery('COMMIT', undefined, runner);
  const { command } = await client.query('COMMIT').catch((error: Error) => {
    throw new QueryFailedError('COMMIT', [], error);
  });
  if (command !== 'COMMIT') {
    throw new Error(
      'a statement of this transaction failed and its error was swallowed: nothing was committed',
    );
  }
}

async function rollBack(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // A connection that cannot roll back must not return to the pool; the pool drops one that is ending.
    await runner.connect().then(
      (client: { end(): Promise<void> }) => void client.end().catch(() => {}),
      () => {},
    );
  }
}
