import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A canned answer that is removed and added again has another version, so that nobody who saw the first one changes it. */
export class NumberCannedAnswersOnce1797001010002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The code before this one goes on counting from the versions that are there, for as long as a deployment takes.
    await runner.query(`
      CREATE SEQUENCE canned_answer_versions AS integer;
      SELECT setval('canned_answer_versions', (SELECT max(version) + 1000 FROM canned_answers));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SEQUENCE canned_answer_versions');
  }
}
