import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries are asked for in short steps, each of which begins where the last one ended (docs/campaigns.md). */
export class KeepThePlaceOfReports1797001007001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE campaigns ADD COLUMN report_after integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE campaigns DROP COLUMN report_after');
  }
}
