import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an export reads and an erasure removes is found without reading whole tables, and so is what refers to it. */
export class IndexTheRowsOfPeople1795900050001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX ix_sessions_account ON sessions (account_id);
      CREATE INDEX ix_sessions_factor ON sessions (factor_id) WHERE factor_id IS NOT NULL;
      CREATE INDEX ix_factors_account ON factors (account_id);
      CREATE INDEX ix_number_changes_new_verification ON number_changes (new_verification_id);
      CREATE INDEX ix_number_changes_old_verification ON number_changes (old_verification_id)
        WHERE old_verification_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ix_number_changes_old_verification, ix_number_changes_new_verification, ix_factors_account,
        ix_sessions_factor, ix_sessions_account;
    `);
  }
}
