import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Postgres looks for tables and types in the caller's temporary schema first, unless the path names it. A view
 * `pg_temp.pg_index` would run the caller's functions with the rights of the owner.
 */
export class SearchTemporaryTablesLast1797000973001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION drop_leftover_index(text) SET search_path = pg_catalog, pg_temp');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION drop_leftover_index(text) SET search_path = pg_catalog');
  }
}
