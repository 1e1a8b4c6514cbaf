import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which request placed an order, so that it alone is answered with 201, however its answer is found. */
export class RememberWhoAsked1795400000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders ADD COLUMN asked_by uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN asked_by');
  }
}
