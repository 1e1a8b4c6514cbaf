import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Categories, products and variants, and the functions that compare Persian text (docs/search.md).
 *
 * The functions are IMMUTABLE, which generated columns demand: they use no dictionary, parser or locale of the server, so that
 * the same rows give the same search on every machine. `persian_text` is the twin of `entities/values/persian-text.ts`.
 */
export class CreateCatalog1795400000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(String.raw`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;

      CREATE FUNCTION persian_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN btrim(regexp_replace(translate(
        regexp_replace(lower(normalize($1, NFKD) COLLATE "C"),
          '[\u00ad\u0300-\u036f\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]',
          '', 'g'),
        U&'\0671\0649\064A\06CE\06D0\06D2\0643\06AA\0629\06BE\06C1\06C3\06D5\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669',
        U&'\0627\06CC\06CC\06CC\06CC\06CC\06A9\06A9\0647\0647\0647\0647\064701234567890123456789'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u2000-\u200c\u2010-\u2029\u202f-\u205f\u2065\u206a-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\ufd3e\ufd3f\ufff0-\uffff\U00010000-\U0010ffff]+',
        ' ', 'g'));

      -- The words of a text at their places. A word with half-spaces is also kept as one word without them.
      CREATE FUNCTION persian_vector(text, "char") RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN setweight((
        SELECT coalesce(string_agg(quote_literal(word) || ':' || least(place, 16383), ' '), '')
        FROM unnest(string_to_array(
          persian_text($1) || ' ' || (
            SELECT coalesce(string_agg(persian_text(replace(half[1], U&'\200C', '')), ' '), '')
            FROM regexp_matches($1, U&'[^\0009-\000D\0020\00A0]+\200C[^\0009-\000D\0020\00A0]+', 'g') AS half),
          ' ')) WITH ORDINALITY AS words(word, place)
        WHERE word <> '' AND octet_length(word) <= 2046
      )::tsvector, $2);

      -- The sound of a text, in ASCII: letters of one sound become one, in both alphabets. Some locales of the server know no
      -- trigrams of Persian letters; all know those of ASCII letters.
      CREATE FUNCTION persian_sound(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN translate(persian_text($1),
        'ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیouwie',
        'abptsjchxdzrzjswsztzaqfqkglmnvhyvvvyy');

      CREATE TABLE categories (
        id uuid CONSTRAINT pk_categories PRIMARY KEY,
        slug varchar(120) NOT NULL CONSTRAINT uq_categories_slug UNIQUE,
        title varchar(200) NOT NULL,
        parent_id uuid CONSTRAINT fk_categories_parent REFERENCES categories (id),
        position integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_categories_parent CHECK (parent_id <> id)
      );
      CREATE INDEX ix_categories_parent ON categories (parent_id, position);

      CREATE TABLE products (
        id uuid CONSTRAINT pk_products PRIMARY KEY,
        slug varchar(120) NOT NULL CONSTRAINT uq_products_slug UNIQUE,
        title varchar(250) NOT NULL,
        description text NOT NULL DEFAULT '',
        brand varchar(120) NOT NULL DEFAULT '',
        keywords varchar(500) NOT NULL DEFAULT '',
        category_id uuid NOT NULL CONSTRAINT fk_products_category REFERENCES categories (id),
        status varchar(16) NOT NULL DEFAULT 'draft',
        image_urls text[] NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        search tsvector NOT NULL GENERATED ALWAYS AS (
          persian_vector(title, 'A') || persian_vector(brand || ' ' || keywords, 'B')
          || persian_vector(description, 'D')) STORED,
        sound text NOT NULL GENERATED ALWAYS AS (persian_sound(title || ' ' || brand || ' ' || keywords)) STORED,
        CONSTRAINT ck_products_status CHECK (status IN ('draft', 'published', 'archived')),
        CONSTRAINT ck_products_description CHECK (length(description) <= 20000)
      );
      CREATE INDEX ix_products_category ON products (category_id);
      -- Broad searches read it: of very many matches they rank the newest.
      CREATE INDEX ix_products_newest ON products (created_at, id) WHERE status = 'published';
      CREATE INDEX ix_products_search ON products USING gin (search);
      CREATE INDEX ix_products_sound ON products USING gin (sound gin_trgm_ops);

      CREATE TABLE variants (
        id uuid CONSTRAINT pk_variants PRIMARY KEY,
        product_id uuid NOT NULL CONSTRAINT fk_variants_product REFERENCES products (id),
        sku varchar(64) NOT NULL CONSTRAINT uq_variants_sku UNIQUE,
        title varchar(140) NOT NULL,
        price bigint NOT NULL,
        currency char(3) NOT NULL DEFAULT 'IRR',
        status varchar(16) NOT NULL DEFAULT 'active',
        position integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_variants_position UNIQUE (product_id, position),
        CONSTRAINT ck_variants_price CHECK (price BETWEEN 0 AND 1000000000000),
        CONSTRAINT ck_variants_currency CHECK (currency = 'IRR'),
        CONSTRAINT ck_variants_status CHECK (status IN ('active', 'retired'))
      );
    `);
  }

  /** It leaves `pg_trgm`, which may be older than this migration. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE variants;
      DROP TABLE products;
      DROP TABLE categories;
      DROP FUNCTION persian_sound(text);
      DROP FUNCTION persian_vector(text, "char");
      DROP FUNCTION persian_text(text);
    `);
  }
}
