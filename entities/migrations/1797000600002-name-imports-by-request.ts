import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A table of the catalogue may be imported again: what stands in it may have changed meanwhile. */
export class NameImportsByRequest1797000600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE catalog_imports DROP CONSTRAINT uq_catalog_imports_digest');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE catalog_imports ADD CONSTRAINT uq_catalog_imports_digest UNIQUE (digest)',
    );
  }
}
