import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each durable reader of the journal has come. */
export class CreateJournalCursors1795900010001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE journal_cursors (
        consumer varchar(80) CONSTRAINT pk_journal_cursors PRIMARY KEY,
        snapshot text NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_journal_cursors_snapshot CHECK (snapshot ~ '^[0-9]+:[0-9]+:[0-9,]*$')
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_cursors');
  }
}
