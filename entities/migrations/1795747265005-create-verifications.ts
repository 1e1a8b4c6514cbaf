import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One-time codes that were asked for, and which of them opened a session. */
export class CreateVerifications1795747265005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE verifications (
        id uuid CONSTRAINT pk_verifications PRIMARY KEY,
        purpose varchar(20) NOT NULL,
        phone varchar(16) NOT NULL,
        salt bytea NOT NULL,
        pepper_id varchar(16) NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        used_at timestamptz,
        expires_at timestamptz NOT NULL,
        client_key varchar(64) NOT NULL,
        account_id uuid CONSTRAINT fk_verifications_account REFERENCES accounts (id),
        device_key varchar(64),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_verifications_purpose CHECK (purpose IN ('sign_in', 'change_number', 'confirm_action')),
        CONSTRAINT ck_verifications_phone CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        CONSTRAINT ck_verifications_salt CHECK (octet_length(salt) = 16),
        CONSTRAINT ck_verifications_attempts CHECK (attempts BETWEEN 0 AND 5),
        CONSTRAINT ck_verifications_used CHECK (used_at IS NULL OR (attempts > 0 AND used_at < expires_at)),
        CONSTRAINT ck_verifications_lifetime
          CHECK (expires_at > created_at AND expires_at <= created_at + interval '10 minutes'),
        CONSTRAINT ck_verifications_account CHECK ((purpose = 'sign_in') = (account_id IS NULL))
      );
      CREATE INDEX ix_verifications_phone ON verifications (phone, created_at);
      CREATE INDEX ix_verifications_client ON verifications (client_key, created_at);
      CREATE INDEX ix_verifications_created ON verifications (created_at);

      ALTER TABLE sessions ADD CONSTRAINT fk_sessions_verification
        FOREIGN KEY (verification_id) REFERENCES verifications (id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions DROP CONSTRAINT fk_sessions_verification;
      DROP TABLE verifications;
    `);
  }
}
