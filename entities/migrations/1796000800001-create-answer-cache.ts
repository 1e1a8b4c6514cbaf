import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The row that numbers the events by which staff end kept answers. */
export class CreateAnswerCache1796000800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE answer_caches (
        id uuid CONSTRAINT pk_answer_caches PRIMARY KEY,
        version integer NOT NULL DEFAULT 0
      );
      INSERT INTO answer_caches (id) VALUES ('019ac3f0-0000-7000-8000-00000000cace');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE answer_caches');
  }
}
