import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who takes tickets by themselves, and what retention needs (docs/support.md). */
export class ServeTickets1797000910001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE support_agents (
        account_id uuid CONSTRAINT pk_support_agents PRIMARY KEY CONSTRAINT fk_support_agents_account REFERENCES accounts (id),
        teams varchar(9)[] NOT NULL,
        most integer NOT NULL,
        ready_until timestamptz NOT NULL,
        CONSTRAINT ck_support_agents_teams
          CHECK (cardinality(teams) > 0 AND teams <@ ARRAY['technical', 'billing', 'general']::varchar[]),
        CONSTRAINT ck_support_agents_most CHECK (most BETWEEN 1 AND 50)
      );

      ALTER TABLE ticket_desks ADD COLUMN passed_by uuid CONSTRAINT fk_ticket_desks_passed REFERENCES accounts (id);
      CREATE INDEX ix_tickets_closed ON tickets (closed_at) WHERE closed_at IS NOT NULL AND subject <> '';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ix_tickets_closed;
      ALTER TABLE ticket_desks DROP COLUMN passed_by;
      DROP TABLE support_agents;
    `);
  }
}
