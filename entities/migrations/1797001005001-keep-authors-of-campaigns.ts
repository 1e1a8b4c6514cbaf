import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nobody who wrote any part of a campaign since its last approval approves it: all of them are kept, not only the last one. */
export class KeepAuthorsOfCampaigns1797001005001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE campaigns ADD COLUMN authors uuid[] NOT NULL DEFAULT '{}';
      UPDATE campaigns SET authors = ARRAY[changed_by];
      ALTER TABLE campaigns DROP CONSTRAINT ck_campaigns_approved, DROP COLUMN changed_by,
        ALTER COLUMN authors DROP DEFAULT,
        ADD CONSTRAINT ck_campaigns_approved CHECK (approved_by <> created_by AND approved_by <> ALL (authors));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE campaigns ADD COLUMN changed_by uuid CONSTRAINT fk_campaigns_changed_by REFERENCES accounts (id);
      UPDATE campaigns SET changed_by = authors[cardinality(authors)];
      ALTER TABLE campaigns DROP CONSTRAINT ck_campaigns_approved, DROP COLUMN authors,
        ALTER COLUMN changed_by SET NOT NULL,
        ADD CONSTRAINT ck_campaigns_approved CHECK (approved_by <> created_by AND approved_by <> changed_by);
    `);
  }
}
