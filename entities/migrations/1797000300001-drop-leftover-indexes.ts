import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The role that maintains the database owns no table, so it may not drop what a `REINDEX CONCURRENTLY` that was interrupted has
 * left. This function does that for it, and can drop nothing else. It waits for a lock so briefly that no request notices.
 */
export class DropLeftoverIndexes1797000300001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(String.raw`
      CREATE FUNCTION drop_leftover_index(leftover text) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '200ms' AS $$
      BEGIN
        IF NOT EXISTS (
          SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
          WHERE c.relnamespace = 'public'::regnamespace AND c.relname = leftover AND NOT i.indisvalid
            AND c.relname ~ '_cc(new|old)\d*$'
        ) THEN
          RAISE EXCEPTION '% is no index that a rebuild has left', leftover USING ERRCODE = 'undefined_object';
        END IF;
        EXECUTE format('DROP INDEX public.%I', leftover);
      END $$;
      REVOKE EXECUTE ON FUNCTION drop_leftover_index FROM PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION drop_leftover_index');
  }
}
