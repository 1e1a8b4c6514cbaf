import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A request that is repeated with another body is refused, and old answers of suppliers are removed. */
export class MindRepeatedRequests1797000700001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE request_digests (
        object_id uuid CONSTRAINT pk_request_digests PRIMARY KEY,
        digest varchar(64) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX ix_request_digests_created ON request_digests USING brin (created_at) WITH (autosummarize = on);
      CREATE INDEX ix_supplier_replies_received ON supplier_replies USING brin (received_at) WITH (autosummarize = on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_supplier_replies_received; DROP TABLE request_digests');
  }
}
