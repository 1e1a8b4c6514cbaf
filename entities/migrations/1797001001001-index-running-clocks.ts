import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the few clocks of tickets that run among all that ever did. Tickets are answered while the index is built. A build that was
 * interrupted leaves an invalid index, so each begins afresh.
 */
export class IndexRunningClocks1797001001001 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it.
    await runner.query(`SET lock_timeout = '5min'`);
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS ix_sla_clocks_running');
    await runner.query(
      'CREATE INDEX CONCURRENTLY ix_sla_clocks_running ON sla_clocks (ticket_id) WHERE running_since IS NOT NULL',
    );
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_sla_clocks_running');
  }
}
