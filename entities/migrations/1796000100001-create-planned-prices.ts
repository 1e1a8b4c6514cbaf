import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As it was before. */
const LIST_WITHOUT_PLANS = `
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
    `;

/** With the prices that are in force, and until when they are. */
const LIST_WITH_PLANS = `
      CREATE OR REPLACE FUNCTION list_products(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        -- Set below, when the lock is held: a transaction that waited for it would know an older instant.
        at timestamptz;
      BEGIN
        PERFORM 1 FROM products WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
        at := clock_timestamp();

        INSERT INTO product_listings AS listing (product_id, category_id, listed_at, price_from, price_to, in_stock,
          priced_until)
        SELECT p.id, p.category_id, p.created_at, offer.price_from, offer.price_to, offer.in_stock,
          next_planned_instant(p.id, at)
        FROM products p CROSS JOIN LATERAL (
          SELECT min(price_in_force(v.id, v.price, at)) AS price_from,
            max(price_in_force(v.id, v.price, at)) AS price_to, bool_or(EXISTS (
            SELECT 1 FROM stock_levels s JOIN stock_locations l ON l.id = s.location_id AND l.sells
            WHERE s.variant_id = v.id AND s.on_hand > s.reserved)) AS in_stock
          FROM variants v WHERE v.product_id = p.id AND v.status = 'active'
          HAVING count(*) > 0) AS offer
        WHERE p.id = ANY (changed) AND p.status = 'published'
        ON CONFLICT (product_id) DO UPDATE
        SET category_id = excluded.category_id, listed_at = excluded.listed_at, price_from = excluded.price_from,
          price_to = excluded.price_to, in_stock = excluded.in_stock, priced_until = excluded.priced_until
        WHERE (listing.category_id, listing.listed_at, listing.price_from, listing.price_to, listing.in_stock,
            listing.priced_until)
          IS DISTINCT FROM
          (excluded.category_id, excluded.listed_at, excluded.price_from, excluded.price_to, excluded.in_stock,
            excluded.priced_until);

        DELETE FROM product_listings listing
        WHERE product_id = ANY (changed) AND NOT EXISTS (
          SELECT 1 FROM products p JOIN variants v ON v.product_id = p.id AND v.status = 'active'
          WHERE p.id = listing.product_id AND p.status = 'published');
      END $$;
    `;

/**
 * Prices from one instant to another, in force without a job that runs in time (docs/catalogue.md). A listing notes until when its
 * prices hold.
 */
export class CreatePlannedPrices1796000100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS btree_gist;

      CREATE TABLE planned_prices (
        id uuid CONSTRAINT pk_planned_prices PRIMARY KEY,
        variant_id uuid NOT NULL
          CONSTRAINT fk_planned_prices_variant REFERENCES variants (id) ON DELETE CASCADE,
        price bigint NOT NULL,
        currency char(3) NOT NULL DEFAULT 'IRR',
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_planned_prices_price CHECK (price BETWEEN 0 AND 1000000000000),
        CONSTRAINT ck_planned_prices_currency CHECK (currency = 'IRR'),
        CONSTRAINT ck_planned_prices_span CHECK (starts_at < ends_at),
        CONSTRAINT ex_planned_prices_overlap
          EXCLUDE USING gist (variant_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
      );
      CREATE INDEX ix_planned_prices_variant ON planned_prices (variant_id, starts_at);

      -- What a variant costs at an instant: the price planned for it, or else the usual one.
      CREATE FUNCTION price_in_force(variant uuid, usual bigint, at timestamptz) RETURNS bigint
        LANGUAGE sql STABLE PARALLEL SAFE
      RETURN coalesce((
        SELECT price FROM planned_prices
        WHERE variant_id = variant AND starts_at <= at AND ends_at > at), usual);

      -- When a price of a product's active variants changes next by plan.
      CREATE FUNCTION next_planned_instant(product uuid, at timestamptz) RETURNS timestamptz
        LANGUAGE sql STABLE PARALLEL SAFE
      RETURN (
        SELECT min(CASE WHEN planned.starts_at > at THEN planned.starts_at ELSE planned.ends_at END)
        FROM variants v JOIN planned_prices planned ON planned.variant_id = v.id
        WHERE v.product_id = product AND v.status = 'active' AND planned.ends_at > at);

      ALTER TABLE product_listings ADD priced_until timestamptz;
      CREATE INDEX ix_product_listings_priced_until ON product_listings (priced_until)
        WHERE priced_until IS NOT NULL;

      CREATE FUNCTION list_products_of_planned_prices() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM list_products(array_agg(DISTINCT v.product_id))
        FROM changed JOIN variants v ON v.id = changed.variant_id HAVING count(*) > 0;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_planned_prices_are_listed AFTER INSERT ON planned_prices
        REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_planned_prices();
      CREATE TRIGGER changed_planned_prices_are_listed AFTER UPDATE ON planned_prices
        REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_planned_prices();
      CREATE TRIGGER removed_planned_prices_are_unlisted AFTER DELETE ON planned_prices
        REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION list_products_of_planned_prices();
    `);
    await runner.query(LIST_WITH_PLANS);
  }

  /** It leaves `btree_gist`, which may be older than this migration. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION next_planned_instant(uuid, timestamptz);
      DROP FUNCTION price_in_force(uuid, bigint, timestamptz);
      DROP TABLE planned_prices;
      DROP FUNCTION list_products_of_planned_prices();
      ALTER TABLE product_listings DROP priced_until;
    `);
    await runner.query(LIST_WITHOUT_PLANS);
  }
}
