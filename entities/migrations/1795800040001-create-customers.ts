import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What customers say of themselves, their addresses, and changes of their numbers. */
export class CreateCustomers1795800040001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE profiles (
        account_id uuid CONSTRAINT pk_profiles PRIMARY KEY CONSTRAINT fk_profiles_account REFERENCES accounts (id),
        name varchar(80),
        email varchar(254),
        language varchar(2) NOT NULL DEFAULT 'fa',
        marketing boolean NOT NULL DEFAULT false,
        marketing_at timestamptz,
        CONSTRAINT ck_profiles_language CHECK (language IN ('fa', 'en')),
        CONSTRAINT ck_profiles_marketing CHECK (NOT marketing OR marketing_at IS NOT NULL)
      );

      CREATE TABLE addresses (
        id uuid CONSTRAINT pk_addresses PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_addresses_account REFERENCES accounts (id),
        version integer NOT NULL DEFAULT 1,
        label varchar(40),
        is_default boolean NOT NULL DEFAULT false,
        name varchar(80) NOT NULL,
        phone varchar(16) NOT NULL,
        province varchar(5) NOT NULL,
        city varchar(6) NOT NULL,
        postal_code varchar(10) NOT NULL,
        lines text[] NOT NULL,
        plaque varchar(10),
        unit varchar(10),
        latitude double precision,
        longitude double precision,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_addresses_version CHECK (version > 0),
        CONSTRAINT ck_addresses_phone CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        CONSTRAINT ck_addresses_postal_code CHECK (postal_code ~ '^[0-9]{10}$'),
        CONSTRAINT ck_addresses_lines CHECK (cardinality(lines) BETWEEN 1 AND 3),
        CONSTRAINT ck_addresses_location CHECK ((latitude IS NULL) = (longitude IS NULL))
      );
      CREATE INDEX ix_addresses_account ON addresses (account_id);
      CREATE UNIQUE INDEX uq_addresses_default ON addresses (account_id) WHERE is_default;

      CREATE TABLE number_changes (
        id uuid CONSTRAINT pk_number_changes PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_number_changes_account REFERENCES accounts (id),
        status varchar(20) NOT NULL DEFAULT 'open',
        old_phone varchar(16),
        new_phone varchar(16),
        is_old_lost boolean NOT NULL,
        new_verification_id uuid NOT NULL
          CONSTRAINT fk_number_changes_new_verification REFERENCES verifications (id),
        old_verification_id uuid CONSTRAINT fk_number_changes_old_verification REFERENCES verifications (id),
        new_proved boolean NOT NULL DEFAULT false,
        old_proved boolean NOT NULL DEFAULT false,
        effective_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        CONSTRAINT ck_number_changes_status CHECK
          (status IN ('open', 'proved', 'approved', 'changed', 'cancelled', 'taken')),
        CONSTRAINT ck_number_changes_new_phone CHECK (new_phone ~ '^\\+[1-9][0-9]{6,14}$'),
        CONSTRAINT ck_number_changes_under_way CHECK
          ((status IN ('open', 'proved', 'approved')) = (new_phone IS NOT NULL)),
        CONSTRAINT ck_number_changes_ended CHECK ((new_phone IS NULL) = (ended_at IS NOT NULL)),
        CONSTRAINT ck_number_changes_effective CHECK (status <> 'approved' OR effective_at IS NOT NULL),
        CONSTRAINT ck_number_changes_lost CHECK
          (NOT is_old_lost OR (old_verification_id IS NULL AND NOT old_proved))
      );
      CREATE UNIQUE INDEX uq_number_changes_under_way ON number_changes (account_id) WHERE new_phone IS NOT NULL;
      CREATE INDEX ix_number_changes_account ON number_changes (account_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE number_changes; DROP TABLE addresses; DROP TABLE profiles;');
  }
}
