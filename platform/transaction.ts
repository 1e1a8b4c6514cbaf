import { setTimeout as delay } from 'node:timers/promises';

import type { PoolClient } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager, type QueryRunner } from 'typeorm';

import { isRetryable } from './postgres-errors';

const ATTEMPTS = 5;
const LONGEST_FIRST_PAUSE_MS = 10;

const wakes = new WeakMap<DataSource, () => void>();

/**
 * Calls `wake` after the commit of each transaction of this pool that wrote events. Operations mark such a transaction with
 * `announceEvents` of `entities/events/record-events.ts`. `wake` must return at once and never throw.
 */
export function onEventsCommitted(database: DataSource, wake: () => void): void {
  wakes.set(database, wake);
}

/**
 * Runs work in one READ COMMITTED transaction on one connection. An error of the work rolls back and is rethrown. After a
 * deadlock, a serialisation failure or a statement that a migration made invalid, the work runs again, five times in all.
 * So the work must change nothing but the database.
 *
 * Postgres detects deadlocks after `deadlock_timeout`, a second by default. With a shorter `lock_timeout`, a deadlock ends as
 * a lock time-out instead.
 *
 * Work must not take another connection from the pool: once there are as many transactions as connections, all of them
 * would wait for each other.
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
    if (runner.data.hasEvents === true) wakes.get(database)?.();
    return result;
  } catch (error) {
    await rollBack(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * Commits without TypeORM, which hides the command of the answer. Postgres answers the COMMIT of a failed transaction with
 * ROLLBACK and no error, so work that swallowed a statement's error would not learn that nothing was saved.
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
    // A connection that cannot roll back must not go back to the pool. The pool drops one that is ending.
    await runner.connect().then(
      (client: { end(): Promise<void> }) => void client.end().catch(() => {}),
      () => {},
    );
  }
}
