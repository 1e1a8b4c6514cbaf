import { log } from '@temporalio/activity';

import { maintainDatabase, MAINTENANCE_LIMITS } from '../../entities/maintenance/maintain-database';
import { DatabaseConfig } from '../../platform/config/database';
import type { Metrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { alertCounter } from '../operations/alert-counter';
import type { PlainWork } from './job.activities';

/** The longest statement, which is as long as the longest run. */
const STATEMENT_LIMIT_MS = 3_600_000;
/** Our locks keep nobody from rows, so they may wait longer than a request. */
const LOCK_LIMIT_MS = 30_000;
const NOT_MAINTAINED = 'database.not_maintained';
const NOT_REBUILT = 'database.index_invalid';

/** Takes care of tables and indexes, on a connection of its own for a role of its own. */
export function maintain(databaseUrl: string | undefined, metrics: Metrics): PlainWork {
  const alerts = alertCounter(metrics);
  return async ({ throwIfOver }) => {
    if (databaseUrl === undefined) {
      alerts.inc({ code: NOT_MAINTAINED });
      log.error('nobody maintains the database: DATABASE_MAINTENANCE_URL is not set', {
        alert: NOT_MAINTAINED,
      });
      return { unavailable: 'DATABASE_MAINTENANCE_URL is not set' };
    }
    const database = await openPostgres(
      Object.assign(new DatabaseConfig(), {
        databaseUrl,
        databasePoolSize: 1,
        databaseStatementTimeoutMs: STATEMENT_LIMIT_MS,
        databaseLockTimeoutMs: LOCK_LIMIT_MS,
      }),
      { entities: [], migrations: [] },
      'asoud-maintenance',
    );
    try {
      const runner = database.createQueryRunner();
      const report = await maintainDatabase(runner.manager, MAINTENANCE_LIMITS, throwIfOver);
      const stillInvalid = report.invalid.filter((name) => !report.rebuilt.includes(name));
      if (stillInvalid.length > 0) {
        alerts.inc({ code: NOT_REBUILT });
        log.error('indexes have no effect and could not be rebuilt', {
          alert: NOT_REBUILT,
          indexes: stillInvalid,
          reasons: report.notRebuilt,
        });
      }
      return { ...report };
    } finally {
      await database.destroy();
    }
  };
}
