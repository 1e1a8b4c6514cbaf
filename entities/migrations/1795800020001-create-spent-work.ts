import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proofs of work that were used. */
export class CreateSpentWork1795800020001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE spent_work (
        nonce varchar(64) CONSTRAINT pk_spent_work PRIMARY KEY,
        expires_at timestamptz NOT NULL,
        CONSTRAINT ck_spent_work_nonce CHECK (nonce <> '')
      );
      CREATE INDEX ix_spent_work_expires ON spent_work (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE spent_work');
  }
}
