import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets that have opened a connection. */
export class CreateUsedTickets1797000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE used_tickets (
        id uuid CONSTRAINT pk_used_tickets PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX ix_used_tickets_expires ON used_tickets (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE used_tickets');
  }
}
