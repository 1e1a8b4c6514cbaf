import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has signed in, and on which devices. */
export class CreateAccounts1795744000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id uuid CONSTRAINT pk_accounts PRIMARY KEY,
        phone varchar(16),
        status varchar(20) NOT NULL DEFAULT 'active',
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_accounts_phone UNIQUE (phone),
        CONSTRAINT ck_accounts_status CHECK (status IN ('active', 'blocked', 'erased')),
        CONSTRAINT ck_accounts_erased CHECK ((status = 'erased') = (phone IS NULL)),
        CONSTRAINT ck_accounts_phone CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$')
      );

      CREATE TABLE sessions (
        id uuid CONSTRAINT pk_sessions PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_sessions_account REFERENCES accounts (id),
        verification_id uuid NOT NULL CONSTRAINT uq_sessions_verification UNIQUE,
        kind varchar(20) NOT NULL,
        generation integer NOT NULL DEFAULT 1,
        confirmed integer NOT NULL DEFAULT 0,
        rotated_at timestamptz NOT NULL DEFAULT now(),
        signed_in_at timestamptz NOT NULL DEFAULT now(),
        proved_at timestamptz NOT NULL DEFAULT now(),
        idle_until timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason varchar(20),
        device_label varchar(80) NOT NULL,
        client_key varchar(64) NOT NULL,
        CONSTRAINT ck_sessions_kind CHECK (kind IN ('customer', 'staff')),
        CONSTRAINT ck_sessions_generation CHECK (generation >= 1),
        CONSTRAINT ck_sessions_confirmed CHECK (confirmed IN (generation - 1, generation)),
        CONSTRAINT ck_sessions_idle CHECK (idle_until <= ends_at),
        CONSTRAINT ck_sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
        CONSTRAINT ck_sessions_end_reason CHECK (end_reason IN
          ('signed_out', 'ended_elsewhere', 'replaced', 'reuse', 'blocked', 'erased', 'role_lost'))
      );
      CREATE INDEX ix_sessions_open ON sessions (account_id) WHERE ended_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sessions; DROP TABLE accounts;');
  }
}
