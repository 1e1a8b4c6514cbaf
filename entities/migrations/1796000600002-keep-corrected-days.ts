import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells days that staff have corrected from those that were calculated: only the latter follow a new official calendar. */
export class KeepCorrectedDays1796000600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE calendar_days ADD is_corrected boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE calendar_days DROP COLUMN is_corrected`);
  }
}
