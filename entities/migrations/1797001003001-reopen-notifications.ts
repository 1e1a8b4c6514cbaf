import type { MigrationInterface, QueryRunner } from 'typeorm';

const TRIGGER = 'notification_deliveries_move_along_their_table';
const MOVES = `('queued', 'deferred'), ('queued', 'sent'), ('queued', 'failed'), ('queued', 'suppressed'),
  ('deferred', 'sent'), ('deferred', 'failed'), ('deferred', 'suppressed')`;

/** A message that no provider took in time is queued again. */
export class ReopenNotifications1797001003001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notification_deliveries ADD COLUMN reopened smallint NOT NULL DEFAULT 0;
      DROP TRIGGER ${TRIGGER} ON notification_deliveries;
      CREATE TRIGGER ${TRIGGER} BEFORE UPDATE OF status ON notification_deliveries
        FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (${MOVES})
          AND NOT (OLD.channel = 'sms' AND OLD.status = 'sent' AND NEW.status = 'queued'
            AND NEW.reopened = OLD.reopened + 1))
        EXECUTE FUNCTION refuse_status_move();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER ${TRIGGER} ON notification_deliveries;
      CREATE TRIGGER ${TRIGGER} BEFORE UPDATE OF status ON notification_deliveries
        FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (${MOVES}))
        EXECUTE FUNCTION refuse_status_move();
      ALTER TABLE notification_deliveries DROP COLUMN reopened;
    `);
  }
}
