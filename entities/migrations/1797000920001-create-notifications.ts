import type { MigrationInterface, QueryRunner } from 'typeorm';

const CATEGORIES = "('order', 'payment', 'support', 'stock', 'security', 'desk', 'purchasing')";

/** What people are told, by which channel, and what they have chosen (docs/notifications.md). */
export class CreateNotifications1797000920001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notification_boxes (
        id uuid CONSTRAINT pk_notification_boxes PRIMARY KEY,
        account_id uuid CONSTRAINT fk_notification_boxes_account REFERENCES accounts (id),
        order_id uuid CONSTRAINT fk_notification_boxes_order REFERENCES orders (id),
        version integer NOT NULL DEFAULT 0,
        woken_at timestamptz,
        CONSTRAINT ck_notification_boxes_owner
          CHECK (num_nonnulls(account_id, order_id) = 1 AND id = coalesce(account_id, order_id))
      );

      CREATE TABLE notifications (
        id uuid CONSTRAINT pk_notifications PRIMARY KEY,
        box_id uuid NOT NULL CONSTRAINT fk_notifications_box REFERENCES notification_boxes (id),
        kind varchar(30) NOT NULL,
        category varchar(10) NOT NULL,
        dedupe_key varchar(120) NOT NULL,
        data jsonb NOT NULL,
        version integer NOT NULL,
        is_shown boolean NOT NULL,
        created_at timestamptz NOT NULL,
        seen_at timestamptz,
        read_at timestamptz,
        CONSTRAINT uq_notifications_key UNIQUE (box_id, dedupe_key),
        CONSTRAINT ck_notifications_category CHECK (category IN ${CATEGORIES}),
        CONSTRAINT ck_notifications_data CHECK (jsonb_typeof(data) = 'object'),
        CONSTRAINT ck_notifications_version CHECK (version > 0),
        CONSTRAINT ck_notifications_seen CHECK (read_at IS NULL OR seen_at IS NOT NULL)
      );
      CREATE INDEX ix_notifications_shown ON notifications (box_id, id) WHERE is_shown;
      CREATE INDEX ix_notifications_unread ON notifications (box_id, version) WHERE is_shown AND read_at IS NULL;
      CREATE INDEX ix_notifications_unseen ON notifications (box_id, version) WHERE is_shown AND seen_at IS NULL;
      CREATE INDEX ix_notifications_created ON notifications (created_at);

      CREATE TABLE notification_deliveries (
        notification_id uuid NOT NULL CONSTRAINT fk_notification_deliveries_notification
          REFERENCES notifications (id) ON DELETE CASCADE,
        channel varchar(6) NOT NULL,
        box_id uuid NOT NULL CONSTRAINT fk_notification_deliveries_box REFERENCES notification_boxes (id),
        status varchar(10) NOT NULL,
        reason varchar(60),
        due_at timestamptz,
        message_id uuid CONSTRAINT fk_notification_deliveries_message REFERENCES sms_messages (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        CONSTRAINT pk_notification_deliveries PRIMARY KEY (notification_id, channel),
        CONSTRAINT ck_notification_deliveries_channel CHECK (channel IN ('in_app', 'sms')),
        CONSTRAINT ck_notification_deliveries_status
          CHECK (status IN ('queued', 'deferred', 'sent', 'failed', 'suppressed')),
        CONSTRAINT ck_notification_deliveries_reason
          CHECK ((status IN ('deferred', 'failed', 'suppressed')) = (reason IS NOT NULL)),
        CONSTRAINT ck_notification_deliveries_due CHECK ((status = 'deferred') = (due_at IS NOT NULL)),
        CONSTRAINT ck_notification_deliveries_message
          CHECK (message_id IS NULL OR (channel = 'sms' AND status = 'sent'))
      );
      CREATE INDEX ix_notification_deliveries_box ON notification_deliveries (box_id, created_at);
      CREATE INDEX ix_notification_deliveries_open ON notification_deliveries (box_id, created_at)
        WHERE status IN ('queued', 'deferred');
      CREATE INDEX ix_notification_deliveries_message ON notification_deliveries (message_id) WHERE message_id IS NOT NULL;
      CREATE TRIGGER notification_deliveries_move_along_their_table BEFORE UPDATE OF status ON notification_deliveries
        FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('queued', 'deferred'), ('queued', 'sent'), ('queued', 'failed'), ('queued', 'suppressed'),
          ('deferred', 'sent'), ('deferred', 'failed'), ('deferred', 'suppressed')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE notification_preferences (
        box_id uuid NOT NULL CONSTRAINT fk_notification_preferences_box REFERENCES notification_boxes (id),
        category varchar(10) NOT NULL,
        channel varchar(6) NOT NULL,
        is_on boolean NOT NULL,
        CONSTRAINT pk_notification_preferences PRIMARY KEY (box_id, category, channel),
        CONSTRAINT ck_notification_preferences_category CHECK (category IN ${CATEGORIES}),
        CONSTRAINT ck_notification_preferences_channel CHECK (channel IN ('in_app', 'sms'))
      );

      CREATE TABLE notification_settings (
        box_id uuid NOT NULL CONSTRAINT fk_notification_settings_box REFERENCES notification_boxes (id),
        zone varchar(64) NOT NULL,
        locale varchar(2),
        quiet_from smallint NOT NULL,
        quiet_to smallint NOT NULL,
        digest varchar(5) NOT NULL,
        digest_hour smallint NOT NULL,
        CONSTRAINT pk_notification_settings PRIMARY KEY (box_id),
        CONSTRAINT ck_notification_settings_locale CHECK (locale IN ('fa', 'en')),
        CONSTRAINT ck_notification_settings_quiet
          CHECK (quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439),
        CONSTRAINT ck_notification_settings_digest
          CHECK (digest IN ('off', 'daily') AND digest_hour BETWEEN 0 AND 23)
      );

      CREATE TABLE notification_digests (
        box_id uuid NOT NULL CONSTRAINT fk_notification_digests_box REFERENCES notification_boxes (id),
        day date NOT NULL,
        notifications integer NOT NULL,
        message_id uuid CONSTRAINT fk_notification_digests_message REFERENCES sms_messages (id) ON DELETE SET NULL,
        CONSTRAINT pk_notification_digests PRIMARY KEY (box_id, day),
        CONSTRAINT ck_notification_digests_notifications CHECK (notifications > 0)
      );
      CREATE INDEX ix_notification_digests_day ON notification_digests (day);
      CREATE INDEX ix_notification_digests_message ON notification_digests (message_id) WHERE message_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE notification_digests;
      DROP TABLE notification_settings;
      DROP TABLE notification_preferences;
      DROP TABLE notification_deliveries;
      DROP TABLE notifications;
      DROP TABLE notification_boxes;
    `);
  }
}
