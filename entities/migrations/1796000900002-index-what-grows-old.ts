import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds old rows of tables that only grow. BRIN costs their writers next to nothing. */
export class IndexWhatGrowsOld1796000900002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX ix_processed_steps_created ON processed_steps USING brin (created_at) WITH (autosummarize = on);
      CREATE INDEX ix_payment_callbacks_received ON payment_callbacks USING brin (received_at) WITH (autosummarize = on);
      CREATE INDEX ix_sessions_signed_in ON sessions USING brin (signed_in_at) WITH (autosummarize = on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX ix_sessions_signed_in, ix_payment_callbacks_received, ix_processed_steps_created',
    );
  }
}
