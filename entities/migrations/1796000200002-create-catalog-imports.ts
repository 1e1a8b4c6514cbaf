import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of products that staff send (docs/catalogue-import.md). */
export class CreateCatalogImports1796000200002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE catalog_imports (
        id uuid CONSTRAINT pk_catalog_imports PRIMARY KEY,
        digest varchar(64) NOT NULL CONSTRAINT uq_catalog_imports_digest UNIQUE,
        status varchar(10) NOT NULL,
        line_count integer NOT NULL,
        booked integer NOT NULL DEFAULT 0,
        problems jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        CONSTRAINT ck_catalog_imports_status CHECK (status IN ('checking', 'refused', 'booking', 'done')),
        CONSTRAINT ck_catalog_imports_booked CHECK (booked BETWEEN 0 AND line_count),
        CONSTRAINT ck_catalog_imports_ended CHECK ((ended_at IS NOT NULL) = (status IN ('refused', 'done')))
      );
      CREATE INDEX ix_catalog_imports_unfinished ON catalog_imports (created_at)
        WHERE status IN ('checking', 'booking');

      CREATE TABLE catalog_import_lines (
        import_id uuid NOT NULL
          CONSTRAINT fk_catalog_import_lines_import REFERENCES catalog_imports (id) ON DELETE CASCADE,
        line integer NOT NULL,
        row jsonb NOT NULL,
        CONSTRAINT pk_catalog_import_lines PRIMARY KEY (import_id, line)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE catalog_import_lines;
      DROP TABLE catalog_imports;
    `);
  }
}
