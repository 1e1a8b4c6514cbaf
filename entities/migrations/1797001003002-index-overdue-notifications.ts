import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  ix_notification_deliveries_due: `notification_deliveries ((coalesce(due_at, created_at)))
    WHERE status IN ('queued', 'deferred')`,
  ix_sms_messages_late: `sms_messages (finished_at) WHERE status = 'cancelled' AND not_after IS NOT NULL`,
} as const;

/**
 * Finds what is overdue, and what no provider took in time, each minute. Messages go on while the indexes are built. A build that was
 * interrupted leaves an invalid index, so each begins afresh.
 */
export class IndexOverdueNotifications1797001003002 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it.
    await runner.query(`SET lock_timeout = '5min'`);
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
      await runner.query(`CREATE INDEX CONCURRENTLY ${name} ON ${on}`);
    }
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}
