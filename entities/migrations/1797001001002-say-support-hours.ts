import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days on which tickets are answered at other hours than their week says (docs/support.md). */
export class SaySupportHours1797001001002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE calendar_days ADD COLUMN support_hours int4multirange
        CONSTRAINT ck_calendar_days_support_hours CHECK (support_hours <@ '{[0,1440)}'::int4multirange);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE calendar_days DROP COLUMN support_hours');
  }
}
