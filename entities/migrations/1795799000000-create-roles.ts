import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles of people who work for the shop. */
export class CreateRoles1795799000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account_roles (
        account_id uuid NOT NULL CONSTRAINT fk_account_roles_account REFERENCES accounts (id),
        role varchar(20) NOT NULL,
        granted_by uuid CONSTRAINT fk_account_roles_granted_by REFERENCES accounts (id),
        granted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_account_roles PRIMARY KEY (account_id, role),
        CONSTRAINT ck_account_roles_role CHECK (role IN ('support', 'staff', 'admin'))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_roles');
  }
}
