import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = [
  ['ix_sms_messages_created', 'sms_messages'],
  ['ix_stock_alerts_created', 'stock_alerts'],
  ['ix_stock_notices_created', 'stock_notices'],
] as const;

/** Finds old messages, alerts and notices, as `IndexWhatGrowsOld` does for other tables. */
export class IndexOldMessages1797000300003 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it.
    await runner.query(`SET lock_timeout = '5min'`);
    for (const [name, table] of INDEXES) {
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
      await runner.query(
        `CREATE INDEX CONCURRENTLY ${name} ON ${table} USING brin (created_at) WITH (autosummarize = on)`,
      );
    }
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEXES.map(([name]) => name).join(', ')}`);
  }
}
