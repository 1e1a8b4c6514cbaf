import type { DataSource } from 'typeorm';

import { eventually } from './eventually';
import { row } from './sql';

/** A lock on rows that a test holds: a process that needs them stands still at exactly that point. */
export interface RowLock {
  release(): Promise<void>;
}

/** Locks the rows that a SELECT … FOR UPDATE finds. */
export async function lockRows(
  database: DataSource,
  select: string,
  parameters: unknown[],
): Promise<RowLock> {
  const runner = database.createQueryRunner();
  await runner.startTransaction();
  await runner.query(select, parameters);
  return {
    async release() {
      await runner.rollbackTransaction();
      await runner.release();
    },
  };
}

/** Waits until so many connections of a process of the shop, known by its application name, wait for a lock in this database. */
export async function untilItWaits(
  database: DataSource,
  application: string,
  connections = 1,
): Promise<void> {
  await eventually(
    async () => {
      const waiting = await row<{ count: number }>(
        database.manager,
        `SELECT count(*) AS count FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
        [application],
      );
      return waiting!.count;
    },
    (count) => count >= connections,
  );
}
