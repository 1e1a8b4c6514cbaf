import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices have a time after which they do not go out. */
export class BoundNotifications1797000972001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_messages ADD COLUMN not_after timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_messages DROP COLUMN not_after;
    `);
  }
}
