import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the calls of campaigns that figures are counted from. A build that was interrupted leaves an invalid index, so it begins
 * afresh.
 */
export class IndexCampaignCalls1797001006001 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it.
    await runner.query(`SET lock_timeout = '5min'`);
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS ix_campaign_batches_called');
    await runner.query(
      'CREATE INDEX CONCURRENTLY ix_campaign_batches_called ON campaign_batches (called_at) WHERE called_at IS NOT NULL',
    );
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_campaign_batches_called');
  }
}
