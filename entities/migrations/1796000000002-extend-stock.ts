import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stock at several locations, with the events of its crossings. Row triggers write these events, so that no change of stock can
 * forget them (docs/inventory.md).
 */
export class ExtendStock1796000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock_locations
        ADD priority integer NOT NULL DEFAULT 100,
        ADD sells boolean NOT NULL DEFAULT true,
        ADD kind varchar(12) NOT NULL DEFAULT 'warehouse',
        ADD version integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_stock_locations_kind CHECK (kind IN ('shop', 'warehouse', 'quarantine')),
        ADD CONSTRAINT ck_stock_locations_priority CHECK (priority BETWEEN 1 AND 1000),
        ADD CONSTRAINT ck_stock_locations_quarantine CHECK (kind <> 'quarantine' OR NOT sells);

      ALTER TABLE stock_levels
        ADD id uuid NOT NULL DEFAULT uuidv7() CONSTRAINT uq_stock_levels_id UNIQUE,
        ADD version integer NOT NULL DEFAULT 0,
        ADD reorder_point integer,
        ADD reorder_shared boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT ck_stock_levels_reorder_point CHECK (reorder_point >= 0);

      ALTER TABLE stock_movements
        ADD actor_id uuid,
        ADD note varchar(300),
        ADD cause varchar(12),
        DROP CONSTRAINT ck_stock_movements_reason,
        ADD CONSTRAINT ck_stock_movements_reason CHECK (reason IN ('initial', 'received', 'sale', 'correction',
          'return', 'cancellation', 'transfer_out', 'transfer_in'));
      ALTER TABLE stock_movements DISABLE TRIGGER stock_movements_are_append_only;
      UPDATE stock_movements SET cause = 'other' WHERE reason = 'correction';
      ALTER TABLE stock_movements ENABLE TRIGGER stock_movements_are_append_only;
      ALTER TABLE stock_movements
        ADD CONSTRAINT ck_stock_movements_cause CHECK ((reason = 'correction') = (cause IS NOT NULL)
          AND cause IN ('count', 'damaged', 'lost', 'found', 'expired', 'sample', 'other'));

      ALTER TABLE reservations
        ADD shipped integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_reservations_shipped
          CHECK (0 <= shipped AND shipped <= quantity AND (shipped = 0 OR state = 'committed'));

      -- A level that falls to its reorder point says so once. Where the point counts all places that sell, so does the sum.
      CREATE FUNCTION tell_low_stock() RETURNS trigger LANGUAGE plpgsql AS $$
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
      CREATE TRIGGER low_stock_is_told BEFORE UPDATE OF on_hand ON stock_levels FOR EACH ROW
        WHEN (NEW.on_hand < OLD.on_hand AND NEW.reorder_point IS NOT NULL)
        EXECUTE FUNCTION tell_low_stock();

      CREATE TABLE variant_availability (
        id uuid CONSTRAINT pk_variant_availability PRIMARY KEY
          CONSTRAINT fk_variant_availability_variant REFERENCES variants (id) ON DELETE CASCADE,
        shown integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_variant_availability_shown CHECK (shown BETWEEN 0 AND 20)
      ) WITH (fillfactor = 50);
      INSERT INTO variant_availability (id, shown)
      SELECT v.id, least(20, coalesce((
        SELECT sum(l.on_hand - l.reserved) FROM stock_levels l WHERE l.variant_id = v.id), 0))
      FROM variants v;

      CREATE FUNCTION begin_variant_availability() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO variant_availability (id) SELECT id FROM made;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_variants_have_availability AFTER INSERT ON variants
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION begin_variant_availability();

      -- Rows are locked first and sums read after it, in a statement of their own: what two locations of a variant change at
      -- once, the second transaction sees of the first.
      CREATE FUNCTION show_availability(moved uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        crossed uuid[];
      BEGIN
        PERFORM 1 FROM variant_availability WHERE id = ANY (moved) ORDER BY id FOR NO KEY UPDATE;

        WITH free AS (
          SELECT a.id, a.shown AS was, least(20, coalesce(sum(l.on_hand - l.reserved) FILTER (WHERE p.sells), 0)) AS available
          FROM variant_availability a
            LEFT JOIN stock_levels l ON l.variant_id = a.id LEFT JOIN stock_locations p ON p.id = l.location_id
          WHERE a.id = ANY (moved) GROUP BY a.id
        ), changed AS (
          UPDATE variant_availability a SET shown = free.available, version = a.version + 1
          FROM free WHERE a.id = free.id AND free.was <> free.available
          RETURNING a.id, a.version, free.was, free.available
        ), told AS (
          INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
          SELECT 'availability', c.id, c.version, 'availability.changed',
            jsonb_build_object('productId', v.product_id, 'was', c.was, 'available', c.available)
          FROM changed c JOIN variants v ON v.id = c.id ORDER BY c.id
        )
        SELECT array_agg(DISTINCT v.product_id) INTO crossed
        FROM changed c JOIN variants v ON v.id = c.id WHERE (c.was = 0) <> (c.available = 0);

        IF crossed IS NOT NULL THEN
          PERFORM list_products(crossed);
        END IF;
      END $$;

      CREATE OR REPLACE FUNCTION list_products(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM products WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;

        INSERT INTO product_listings AS listing (product_id, category_id, listed_at, price_from, price_to, in_stock)
        SELECT p.id, p.category_id, p.created_at, offer.price_from, offer.price_to, offer.in_stock
        FROM products p CROSS JOIN LATERAL (
          SELECT min(v.price) AS price_from, max(v.price) AS price_to, bool_or(EXISTS (
            SELECT 1 FROM stock_levels s JOIN stock_locations l ON l.id = s.location_id AND l.sells
            WHERE s.variant_id = v.id AND s.on_hand > s.reserved)) AS in_stock
          FROM variants v WHERE v.product_id = p.id AND v.status = 'active'
          HAVING count(*) > 0) AS offer
        WHERE p.id = ANY (changed) AND p.status = 'published'
        ON CONFLICT (product_id) DO UPDATE
        SET category_id = excluded.category_id, listed_at = excluded.listed_at, price_from = excluded.price_from,
          price_to = excluded.price_to, in_stock = excluded.in_stock
        WHERE (listing.category_id, listing.listed_at, listing.price_from, listing.price_to, listing.in_stock)
          IS DISTINCT FROM
          (excluded.category_id, excluded.listed_at, excluded.price_from, excluded.price_to, excluded.in_stock);

        DELETE FROM product_listings listing
        WHERE product_id = ANY (changed) AND NOT EXISTS (
          SELECT 1 FROM products p JOIN variants v ON v.product_id = p.id AND v.status = 'active'
          WHERE p.id = listing.product_id AND p.status = 'published');
      END $$;

      -- Variants whose shown number may change are noted at once and shown together at commit. One by one they would be locked
      -- in the order of the changes, and two carts could deadlock.
      DROP TRIGGER new_stock_is_noted ON stock_levels;
      DROP TRIGGER changed_stock_is_noted ON stock_levels;
      DROP TRIGGER new_stock_is_listed ON stock_levels;
      DROP TRIGGER crossed_stock_is_listed ON stock_levels;
      DROP FUNCTION note_products_of_stock();
      DROP FUNCTION list_noted_products();

      CREATE FUNCTION note_moved_variants() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        noted text := nullif(current_setting('asoud.moved_variants', true), '');
        fresh text;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          SELECT string_agg(DISTINCT after.variant_id::text, ',') INTO fresh
          FROM after JOIN before USING (variant_id, location_id)
          WHERE least(20, before.on_hand - before.reserved) <> least(20, after.on_hand - after.reserved);
        ELSE
          SELECT string_agg(DISTINCT variant_id::text, ',') INTO fresh FROM after WHERE on_hand > reserved;
        END IF;
        IF fresh IS NOT NULL THEN
          PERFORM set_config('asoud.moved_variants', concat_ws(',', noted, fresh), true);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_stock_is_noted AFTER INSERT ON stock_levels
        REFERENCING NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION note_moved_variants();
      CREATE TRIGGER changed_stock_is_noted AFTER UPDATE ON stock_levels
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION note_moved_variants();

      CREATE FUNCTION show_moved_variants() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        noted text := nullif(current_setting('asoud.moved_variants', true), '');
      BEGIN
        IF noted IS NOT NULL THEN
          PERFORM set_config('asoud.moved_variants', '', true);
          PERFORM show_availability(string_to_array(noted, ',')::uuid[]);
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER new_stock_is_shown AFTER INSERT ON stock_levels
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.on_hand > NEW.reserved)
        EXECUTE FUNCTION show_moved_variants();
      CREATE CONSTRAINT TRIGGER moved_stock_is_shown AFTER UPDATE ON stock_levels
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (least(20, OLD.on_hand - OLD.reserved) <> least(20, NEW.on_hand - NEW.reserved))
        EXECUTE FUNCTION show_moved_variants();

      CREATE FUNCTION show_stock_of_location() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM show_availability(array_agg(variant_id)) FROM stock_levels WHERE location_id = NEW.id HAVING count(*) > 0;
        RETURN NULL;
      END $$;
      CREATE TRIGGER switched_locations_are_shown AFTER UPDATE OF sells ON stock_locations FOR EACH ROW
        WHEN (OLD.sells <> NEW.sells) EXECUTE FUNCTION show_stock_of_location();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER switched_locations_are_shown ON stock_locations;
      DROP TRIGGER moved_stock_is_shown ON stock_levels;
      DROP TRIGGER new_stock_is_shown ON stock_levels;
      DROP TRIGGER changed_stock_is_noted ON stock_levels;
      DROP TRIGGER new_stock_is_noted ON stock_levels;
      DROP TRIGGER new_variants_have_availability ON variants;
      DROP TRIGGER low_stock_is_told ON stock_levels;
      DROP FUNCTION show_stock_of_location();
      DROP FUNCTION show_moved_variants();
      DROP FUNCTION note_moved_variants();
      DROP FUNCTION show_availability(uuid[]);
      DROP FUNCTION begin_variant_availability();
      DROP FUNCTION tell_low_stock();
      DROP TABLE variant_availability;

      ALTER TABLE reservations DROP shipped;
      ALTER TABLE stock_movements
        DROP cause, DROP note, DROP actor_id,
        DROP CONSTRAINT ck_stock_movements_reason,
        ADD CONSTRAINT ck_stock_movements_reason
          CHECK (reason IN ('initial', 'received', 'sale', 'correction', 'return'));
      ALTER TABLE stock_levels DROP reorder_shared, DROP reorder_point, DROP version, DROP id;
      ALTER TABLE stock_locations DROP version, DROP kind, DROP sells, DROP priority;

      CREATE OR REPLACE FUNCTION list_products(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM products WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;

        INSERT INTO product_listings AS listing (product_id, category_id, listed_at, price_from, price_to, in_stock)
        SELECT p.id, p.category_id, p.created_at, offer.price_from, offer.price_to, offer.in_stock
        FROM products p CROSS JOIN LATERAL (
          SELECT min(v.price) AS price_from, max(v.price) AS price_to, bool_or(EXISTS (
            SELECT 1 FROM stock_levels s
            WHERE s.variant_id = v.id AND s.location_id = '00000000-0000-8000-8000-000000000001'
              AND s.on_hand > s.reserved)) AS in_stock
          FROM variants v WHERE v.product_id = p.id AND v.status = 'active'
          HAVING count(*) > 0) AS offer
        WHERE p.id = ANY (changed) AND p.status = 'published'
        ON CONFLICT (product_id) DO UPDATE
        SET category_id = excluded.category_id, listed_at = excluded.listed_at, price_from = excluded.price_from,
          price_to = excluded.price_to, in_stock = excluded.in_stock
        WHERE (listing.category_id, listing.listed_at, listing.price_from, listing.price_to, listing.in_stock)
          IS DISTINCT FROM
          (excluded.category_id, excluded.listed_at, excluded.price_from, excluded.price_to, excluded.in_stock);

        DELETE FROM product_listings listing
        WHERE product_id = ANY (changed) AND NOT EXISTS (
          SELECT 1 FROM products p JOIN variants v ON v.product_id = p.id AND v.status = 'active'
          WHERE p.id = listing.product_id AND p.status = 'published');
      END $$;

      CREATE FUNCTION note_products_of_stock() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        noted text := nullif(current_setting('asoud.restocked_products', true), '');
        fresh text;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          SELECT string_agg(DISTINCT v.product_id::text, ',') INTO fresh
          FROM after JOIN before USING (variant_id, location_id) JOIN variants v ON v.id = after.variant_id
          WHERE (before.on_hand > before.reserved) <> (after.on_hand > after.reserved);
        ELSE
          SELECT string_agg(DISTINCT v.product_id::text, ',') INTO fresh
          FROM after JOIN variants v ON v.id = after.variant_id
          WHERE after.on_hand > after.reserved;
        END IF;
        IF fresh IS NOT NULL THEN
          PERFORM set_config('asoud.restocked_products', concat_ws(',', noted, fresh), true);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_stock_is_noted AFTER INSERT ON stock_levels
        REFERENCING NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION note_products_of_stock();
      CREATE TRIGGER changed_stock_is_noted AFTER UPDATE ON stock_levels
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION note_products_of_stock();

      CREATE FUNCTION list_noted_products() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        noted text := nullif(current_setting('asoud.restocked_products', true), '');
      BEGIN
        IF noted IS NOT NULL THEN
          PERFORM set_config('asoud.restocked_products', '', true);
          PERFORM list_products(string_to_array(noted, ',')::uuid[]);
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER new_stock_is_listed AFTER INSERT ON stock_levels
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.on_hand > NEW.reserved)
        EXECUTE FUNCTION list_noted_products();
      CREATE CONSTRAINT TRIGGER crossed_stock_is_listed AFTER UPDATE ON stock_levels
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN ((OLD.on_hand > OLD.reserved) <> (NEW.on_hand > NEW.reserved))
        EXECUTE FUNCTION list_noted_products();
    `);
  }
}
