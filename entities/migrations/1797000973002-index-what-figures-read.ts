import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  ix_events_of_figures: `events (created_at) WHERE type IN
    ('order.created', 'order.payment_opened', 'order.payment_unavailable', 'order.paid', 'order.payment_refunded')`,
  ix_sms_attempts_started: 'sms_attempts (started_at)',
} as const;

/**
 * Finds the rows that figures are counted from. Checkout goes on while the indexes are built. A build that was interrupted leaves an
 * invalid index, so each begins afresh.
 */
export class IndexWhatFiguresRead1797000973002 implements MigrationInterface {
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
