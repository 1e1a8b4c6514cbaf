import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = [
  ['ix_processed_steps_created', 'processed_steps', 'created_at'],
  ['ix_payment_callbacks_received', 'payment_callbacks', 'received_at'],
  ['ix_sessions_signed_in', 'sessions', 'signed_in_at'],
] as const;

/**
 * Finds old rows of tables that only grow. BRIN costs their writers next to nothing, and they go on while the indexes are built.
 * A build that was interrupted leaves an invalid index, so each begins afresh.
 */
export class IndexWhatGrowsOld1796000900002 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it.
    await runner.query(`SET lock_timeout = '5min'`);
    for (const [name, table, column] of INDEXES) {
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
      await runner.query(
        `CREATE INDEX CONCURRENTLY ${name} ON ${table} USING brin (${column}) WITH (autosummarize = on)`,
      );
    }
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEXES.map(([name]) => name).join(', ')}`);
  }
}
