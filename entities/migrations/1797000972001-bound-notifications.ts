import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices have a time after which they do not go out. Old digests are found by their day, and cancellations by staff by their order. */
export class BoundNotifications1797000972001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_messages ADD COLUMN not_after timestamptz;
      CREATE INDEX ix_notification_digests_day ON notification_digests (day);
      CREATE INDEX ix_staff_actions_cancelled ON staff_actions (object_id) WHERE action = 'order.cancel';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ix_staff_actions_cancelled;
      DROP INDEX ix_notification_digests_day;
      ALTER TABLE sms_messages DROP COLUMN not_after;
    `);
  }
}
