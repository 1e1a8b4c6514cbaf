import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A level has a largest number of units, and an import of what was counted names the counts that it opened. */
export class BoundStock1797000600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock_levels ADD CONSTRAINT ck_stock_levels_on_hand CHECK (on_hand <= 1000000000);

      -- The sum over all places may leave the range of an integer.
      CREATE OR REPLACE FUNCTION tell_low_stock() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        elsewhere bigint := 0;
      BEGIN
        IF NEW.reorder_shared THEN
          SELECT coalesce(sum(l.on_hand), 0) INTO elsewhere
          FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
          WHERE l.variant_id = NEW.variant_id AND l.location_id <> NEW.location_id;
        END IF;
        IF elsewhere + OLD.on_hand > NEW.reorder_point AND elsewhere + NEW.on_hand <= NEW.reorder_point THEN
          NEW.version := NEW.version + 1;
          INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
          VALUES ('stock_level', NEW.id, NEW.version, 'stock.low', jsonb_build_object('variantId', NEW.variant_id,
            'locationId', NEW.location_id, 'onHand', elsewhere + NEW.on_hand, 'reorderPoint', NEW.reorder_point));
        END IF;
        RETURN NEW;
      END $$;

      ALTER TABLE stock_imports ADD count_ids uuid[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock_imports DROP count_ids;
      CREATE OR REPLACE FUNCTION tell_low_stock() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        elsewhere integer := 0;
      BEGIN
        IF NEW.reorder_shared THEN
          SELECT coalesce(sum(l.on_hand), 0) INTO elsewhere
          FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
          WHERE l.variant_id = NEW.variant_id AND l.location_id <> NEW.location_id;
        END IF;
        IF elsewhere + OLD.on_hand > NEW.reorder_point AND elsewhere + NEW.on_hand <= NEW.reorder_point THEN
          NEW.version := NEW.version + 1;
          INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
          VALUES ('stock_level', NEW.id, NEW.version, 'stock.low', jsonb_build_object('variantId', NEW.variant_id,
            'locationId', NEW.location_id, 'onHand', elsewhere + NEW.on_hand, 'reorderPoint', NEW.reorder_point));
        END IF;
        RETURN NEW;
      END $$;
      ALTER TABLE stock_levels DROP CONSTRAINT ck_stock_levels_on_hand;
    `);
  }
}
