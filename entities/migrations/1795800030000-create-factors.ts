import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factors of staff, and what staff have done. */
export class CreateFactors1795800030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE factors (
        id uuid CONSTRAINT pk_factors PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_factors_account REFERENCES accounts (id),
        kind varchar(20) NOT NULL,
        secret bytea,
        key_id varchar(16) NOT NULL,
        last_step bigint NOT NULL DEFAULT 0,
        confirmed_at timestamptz,
        retired_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_factors_kind CHECK (kind IN ('totp')),
        CONSTRAINT ck_factors_secret CHECK ((retired_at IS NULL) = (secret IS NOT NULL)),
        CONSTRAINT ck_factors_last_step CHECK (last_step >= 0)
      );
      CREATE UNIQUE INDEX uq_factors_confirmed ON factors (account_id)
        WHERE confirmed_at IS NOT NULL AND retired_at IS NULL;
      CREATE UNIQUE INDEX uq_factors_pending ON factors (account_id)
        WHERE confirmed_at IS NULL AND retired_at IS NULL;

      CREATE TABLE recovery_codes (
        factor_id uuid NOT NULL CONSTRAINT fk_recovery_codes_factor REFERENCES factors (id),
        hash bytea NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_recovery_codes PRIMARY KEY (factor_id, hash),
        CONSTRAINT ck_recovery_codes_hash CHECK (octet_length(hash) = 32)
      );

      ALTER TABLE verifications
        ADD COLUMN factor_attempts integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_verifications_factor_attempts CHECK (factor_attempts BETWEEN 0 AND 5);

      ALTER TABLE sessions
        ADD COLUMN factor_id uuid CONSTRAINT fk_sessions_factor REFERENCES factors (id),
        ADD COLUMN proof_attempts integer NOT NULL DEFAULT 0,
        DROP CONSTRAINT ck_sessions_end_reason,
        ADD CONSTRAINT ck_sessions_end_reason CHECK (end_reason IN
          ('signed_out', 'ended_elsewhere', 'replaced', 'reuse', 'blocked', 'erased', 'role_lost', 'factor_lost')),
        ADD CONSTRAINT ck_sessions_factor CHECK ((kind = 'staff') = (factor_id IS NOT NULL)),
        ADD CONSTRAINT ck_sessions_proof_attempts CHECK (proof_attempts BETWEEN 0 AND 5);

      CREATE TABLE staff_actions (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_staff_actions PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_staff_actions_account REFERENCES accounts (id),
        session_id uuid NOT NULL,
        action varchar(60) NOT NULL,
        object_type varchar(40) NOT NULL,
        object_id uuid,
        details jsonb NOT NULL,
        request_id varchar(128) NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TRIGGER staff_actions_are_append_only BEFORE UPDATE OR DELETE ON staff_actions
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE staff_actions;
      ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_end_reason,
        ADD CONSTRAINT ck_sessions_end_reason CHECK (end_reason IN
          ('signed_out', 'ended_elsewhere', 'replaced', 'reuse', 'blocked', 'erased', 'role_lost')),
        DROP COLUMN proof_attempts, DROP COLUMN factor_id;
      ALTER TABLE verifications DROP COLUMN factor_attempts;
      DROP TABLE recovery_codes;
      DROP TABLE factors;
    `);
  }
}
