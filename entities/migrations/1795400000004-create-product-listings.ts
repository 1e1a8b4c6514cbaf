import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read model of the public list, and the triggers that keep it true (docs/catalogue.md).
 *
 * A change of stock reaches it only when a variant runs out or comes back. That trigger is deferred: the product is locked
 * only while the transaction commits, after all stock, so that buyers of its other variants do not wait.
 */
export class CreateProductListings1795400000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE product_listings (
        product_id uuid CONSTRAINT pk_product_listings PRIMARY KEY
          CONSTRAINT fk_product_listings_product REFERENCES products (id) ON DELETE CASCADE,
        category_id uuid NOT NULL,
        listed_at timestamptz(3) NOT NULL,
        price_from bigint NOT NULL,
        price_to bigint NOT NULL,
        in_stock boolean NOT NULL
      );
      CREATE INDEX ix_product_listings_newest ON product_listings (listed_at, product_id);
      CREATE INDEX ix_product_listings_price ON product_listings (price_from, product_id);
      CREATE INDEX ix_product_listings_category ON product_listings (category_id);
      CREATE INDEX ix_product_listings_newest_in_stock ON product_listings (listed_at, product_id) WHERE in_stock;
      CREATE INDEX ix_product_listings_price_in_stock ON product_listings (price_from, product_id) WHERE in_stock;

      -- The lock comes first and the read after it, in a statement of its own: two variants of one product may change at once,
      -- and the second transaction must see the change of the first.
      CREATE FUNCTION list_products(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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

      CREATE FUNCTION list_changed_products() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM list_products(array_agg(id))
        FROM after JOIN before USING (id)
        WHERE (after.status, after.category_id, after.created_at)
          IS DISTINCT FROM (before.status, before.category_id, before.created_at)
        HAVING count(*) > 0;
        RETURN NULL;
      END $$;
      CREATE TRIGGER products_are_listed AFTER UPDATE ON products
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION list_changed_products();

      CREATE FUNCTION list_products_of_changed_variants() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          PERFORM list_products(array_agg(DISTINCT changed.product_id))
          FROM after JOIN before USING (id), unnest(ARRAY[before.product_id, after.product_id]) AS changed(product_id)
          WHERE (after.product_id, after.price, after.status)
            IS DISTINCT FROM (before.product_id, before.price, before.status)
          HAVING count(*) > 0;
        ELSE
          PERFORM list_products(array_agg(DISTINCT product_id)) FROM changed HAVING count(*) > 0;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_variants_are_listed AFTER INSERT ON variants
        REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_changed_variants();
      CREATE TRIGGER removed_variants_are_unlisted AFTER DELETE ON variants
        REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_changed_variants();
      CREATE TRIGGER changed_variants_are_listed AFTER UPDATE ON variants
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_changed_variants();

      -- Products that run out or come back are noted at once and listed together at commit. One by one they would be locked in
      -- the order of their variants, and two carts could deadlock.
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

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER crossed_stock_is_listed ON stock_levels;
      DROP TRIGGER new_stock_is_listed ON stock_levels;
      DROP FUNCTION list_noted_products();
      DROP TRIGGER changed_stock_is_noted ON stock_levels;
      DROP TRIGGER new_stock_is_noted ON stock_levels;
      DROP FUNCTION note_products_of_stock();
      DROP TRIGGER changed_variants_are_listed ON variants;
      DROP TRIGGER removed_variants_are_unlisted ON variants;
      DROP TRIGGER new_variants_are_listed ON variants;
      DROP FUNCTION list_products_of_changed_variants();
      DROP TRIGGER products_are_listed ON products;
      DROP FUNCTION list_changed_products();
      DROP FUNCTION list_products(uuid[]);
      DROP TABLE product_listings;
    `);
  }
}
