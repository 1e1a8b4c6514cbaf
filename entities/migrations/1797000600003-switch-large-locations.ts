import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A location with many levels is switched at once, and what the public sees of it follows page by page (docs/inventory.md). */
export class SwitchLargeLocations1797000600003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock_locations ADD showing_after uuid;

      CREATE OR REPLACE FUNCTION show_stock_of_location() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        moved uuid[];
      BEGIN
        SELECT array_agg(variant_id) INTO moved
        FROM (SELECT variant_id FROM stock_levels WHERE location_id = NEW.id LIMIT 1001) AS levels;
        IF cardinality(moved) > 1000 THEN
          UPDATE stock_locations SET showing_after = '00000000-0000-0000-0000-000000000000' WHERE id = NEW.id;
        ELSIF moved IS NOT NULL THEN
          PERFORM show_availability(moved);
        END IF;
        RETURN NULL;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION show_stock_of_location() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM show_availability(array_agg(variant_id)) FROM stock_levels WHERE location_id = NEW.id HAVING count(*) > 0;
        RETURN NULL;
      END $$;
      SELECT show_availability(array_agg(DISTINCT l.variant_id))
      FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND l.variant_id > p.showing_after
      HAVING count(*) > 0;
      ALTER TABLE stock_locations DROP showing_after;
    `);
  }
}
