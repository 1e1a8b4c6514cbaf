import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The day for which a message waits for a deploy begins when it is first held back, not when it was queued. */
export class WaitForDeploys1797001009001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notification_deliveries ADD COLUMN deploy_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notification_deliveries DROP COLUMN deploy_since');
  }
}
