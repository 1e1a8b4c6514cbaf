import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The steps that have happened, each once. */
export class CreateSteps1795400000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE processed_steps (
        key varchar(200) CONSTRAINT pk_processed_steps PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE processed_steps;
    `);
  }
}
