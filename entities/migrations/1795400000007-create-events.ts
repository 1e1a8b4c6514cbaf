import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The journal of events, written in the transactions of the changes. */
export class CreateEvents1795400000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE events (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_events PRIMARY KEY,
        xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        aggregate_type varchar(40) NOT NULL,
        aggregate_id uuid NOT NULL,
        version integer NOT NULL,
        type varchar(80) NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_events_version UNIQUE (aggregate_type, aggregate_id, version),
        CONSTRAINT ck_events_version CHECK (version > 0)
      );
      CREATE INDEX ix_events_xid ON events (xid);
      CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE events;
    `);
  }
}
