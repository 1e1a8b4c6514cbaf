import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a code was sent, and which messages carry it. Those hold no code: it is derived when they are sent. */
export class AddCodeMessages1795800010001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE verifications
        ADD COLUMN language varchar(2) NOT NULL DEFAULT 'fa',
        ADD COLUMN sends integer NOT NULL DEFAULT 0,
        ADD COLUMN last_sent_at timestamptz,
        ADD CONSTRAINT ck_verifications_language CHECK (language IN ('fa', 'en')),
        ADD CONSTRAINT ck_verifications_sends CHECK (sends BETWEEN 0 AND 3),
        ADD CONSTRAINT ck_verifications_sent CHECK ((sends = 0) = (last_sent_at IS NULL));

      ALTER TABLE sms_messages
        ADD COLUMN verification_id uuid
          CONSTRAINT fk_sms_messages_verification REFERENCES verifications (id),
        ADD CONSTRAINT ck_sms_messages_derived CHECK (verification_id IS NULL
          OR (kind = 'code' AND coalesce(variables, '{}'::jsonb) = '{}'::jsonb));
      CREATE INDEX ix_sms_messages_verification ON sms_messages (verification_id)
        WHERE verification_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_messages DROP COLUMN verification_id;
      ALTER TABLE verifications DROP COLUMN language, DROP COLUMN sends, DROP COLUMN last_sent_at;
    `);
  }
}
