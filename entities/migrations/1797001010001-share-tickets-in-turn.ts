import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of agents with equally many tickets the next one goes to whoever got none for longest. */
export class ShareTicketsInTurn1797001010001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE support_agents ADD COLUMN last_given_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE support_agents DROP COLUMN last_given_at');
  }
}
