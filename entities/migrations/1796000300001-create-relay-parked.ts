import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The signals that the relay from the journal to workflows cannot deliver. */
export class CreateRelayParked1796000300001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE relay_parked (
        id uuid CONSTRAINT pk_relay_parked PRIMARY KEY,
        event_id bigint NOT NULL,
        workflow varchar(80) NOT NULL,
        target varchar(1000) NOT NULL,
        reason varchar(500) NOT NULL,
        times integer NOT NULL DEFAULT 1,
        parked_at timestamptz NOT NULL DEFAULT now(),
        retry_requested_at timestamptz,
        CONSTRAINT uq_relay_parked_target UNIQUE (workflow, target),
        CONSTRAINT ck_relay_parked_times CHECK (times > 0)
      );
      CREATE INDEX ix_relay_parked_retries ON relay_parked (id) WHERE retry_requested_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE relay_parked');
  }
}
