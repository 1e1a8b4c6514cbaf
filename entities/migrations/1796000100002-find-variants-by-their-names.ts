import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * English names, and a table of what searches read: the words of a product with those of its active variants (docs/search.md).
 * A variant's new name rewrites one row there, not the product's row with its other search index.
 */
export class FindVariantsByTheirNames1796000100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE categories ADD title_en varchar(200);
      ALTER TABLE products ADD title_en varchar(250), DROP COLUMN search;
      DROP INDEX ix_products_newest;
      ALTER TABLE variants ADD title_en varchar(140);

      CREATE TABLE product_search (
        product_id uuid CONSTRAINT pk_product_search PRIMARY KEY
          CONSTRAINT fk_product_search_product REFERENCES products (id) ON DELETE CASCADE,
        category_id uuid NOT NULL,
        status varchar(16) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        words tsvector NOT NULL
      );

      CREATE FUNCTION product_words(product products) RETURNS tsvector LANGUAGE sql STABLE
      RETURN persian_vector(product.title, 'A')
        || persian_vector(concat_ws(' ', product.brand, product.keywords, product.title_en), 'B')
        || persian_vector((
          SELECT coalesce(string_agg(concat_ws(' ', v.title, v.title_en), ' ' ORDER BY v.position), '')
          FROM variants v WHERE v.product_id = product.id AND v.status = 'active'), 'C')
        || persian_vector(product.description, 'D');

      -- The lock comes first and the read after it, as in list_products: two variants of one product may be renamed at once.
      CREATE FUNCTION index_products(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM products WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;

        INSERT INTO product_search AS found (product_id, category_id, status, created_at, words)
        SELECT p.id, p.category_id, p.status, p.created_at, product_words(p) FROM products p WHERE p.id = ANY (changed)
        ON CONFLICT (product_id) DO UPDATE
        SET category_id = excluded.category_id, status = excluded.status, created_at = excluded.created_at,
          words = excluded.words
        WHERE (found.category_id, found.status, found.created_at, found.words)
          IS DISTINCT FROM (excluded.category_id, excluded.status, excluded.created_at, excluded.words);
      END $$;

      CREATE FUNCTION index_changed_products() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          PERFORM index_products(array_agg(id))
          FROM after JOIN before USING (id)
          WHERE (after.title, after.title_en, after.brand, after.keywords, after.description, after.category_id,
              after.status, after.created_at)
            IS DISTINCT FROM (before.title, before.title_en, before.brand, before.keywords, before.description,
              before.category_id, before.status, before.created_at)
          HAVING count(*) > 0;
        ELSE
          PERFORM index_products(array_agg(id)) FROM after HAVING count(*) > 0;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_products_are_found AFTER INSERT ON products
        REFERENCING NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION index_changed_products();
      CREATE TRIGGER changed_products_are_found AFTER UPDATE ON products
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION index_changed_products();

      CREATE FUNCTION index_products_of_changed_variants() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          PERFORM index_products(array_agg(DISTINCT changed.product_id))
          FROM after JOIN before USING (id), unnest(ARRAY[before.product_id, after.product_id]) AS changed(product_id)
          WHERE (after.product_id, after.title, after.title_en, after.status)
            IS DISTINCT FROM (before.product_id, before.title, before.title_en, before.status)
          HAVING count(*) > 0;
        ELSE
          PERFORM index_products(array_agg(DISTINCT product_id)) FROM changed HAVING count(*) > 0;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_variants_are_found AFTER INSERT ON variants
        REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION index_products_of_changed_variants();
      CREATE TRIGGER removed_variants_are_not_found AFTER DELETE ON variants
        REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION index_products_of_changed_variants();
      CREATE TRIGGER changed_variants_are_found AFTER UPDATE ON variants
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION index_products_of_changed_variants();

      SELECT index_products(array_agg(id)) FROM products;
      -- Broad searches read the newest: of very many matches they rank those.
      CREATE INDEX ix_product_search_newest ON product_search (created_at, product_id);
      CREATE INDEX ix_product_search_category ON product_search (category_id);
      CREATE INDEX ix_product_search_words ON product_search USING gin (words);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER changed_variants_are_found ON variants;
      DROP TRIGGER removed_variants_are_not_found ON variants;
      DROP TRIGGER new_variants_are_found ON variants;
      DROP FUNCTION index_products_of_changed_variants();
      DROP TRIGGER changed_products_are_found ON products;
      DROP TRIGGER new_products_are_found ON products;
      DROP FUNCTION index_changed_products();
      DROP FUNCTION index_products(uuid[]);
      DROP FUNCTION product_words(products);
      DROP TABLE product_search;
      ALTER TABLE variants DROP title_en;
      ALTER TABLE products DROP title_en,
        ADD search tsvector NOT NULL GENERATED ALWAYS AS (
          persian_vector(title, 'A') || persian_vector(brand || ' ' || keywords, 'B')
          || persian_vector(description, 'D')) STORED;
      ALTER TABLE categories DROP title_en;
      CREATE INDEX ix_products_newest ON products (created_at, id) WHERE status = 'published';
      CREATE INDEX ix_products_search ON products USING gin (search);
    `);
  }
}
