import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Marks and characters for layout of the basic plane, with hamza and tatweel: `[\p{M}\p{Cf}ءـ]` of Unicode 17 in TypeScript.
 * The half-space and the zero-width space are not among them. Characters that are not assigned are left out or included,
 * whichever makes the list shorter.
 */
const IGNORED = [
  String.raw`\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0600-\u0605\u0610-\u061a`,
  String.raw`\u061c\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06dd\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u070f\u0711`,
  String.raw`\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u07fd\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b`,
  String.raw`\u0890-\u089f\u08ca-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc\u09be-\u09cd`,
  String.raw`\u09d7\u09e2-\u09e3\u09fe-\u0a03\u0a3c-\u0a51\u0a70-\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2-\u0ae3`,
  String.raw`\u0afa-\u0b03\u0b3c\u0b3e-\u0b57\u0b62-\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56`,
  String.raw`\u0c62-\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2-\u0ce3\u0cf3-\u0d03\u0d3b-\u0d3c\u0d3e-\u0d4d\u0d57`,
  String.raw`\u0d62-\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc`,
  String.raw`\u0ec8-\u0ece\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f3f\u0f71-\u0f84\u0f86-\u0f87\u0f8d-\u0fbc\u0fc6`,
  String.raw`\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d`,
  String.raw`\u135d-\u135f\u1712-\u1715\u1732-\u1734\u1752-\u1753\u1772-\u1773\u17b4-\u17d3\u17dd\u180b-\u180f\u1885-\u1886`,
  String.raw`\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b04\u1b34-\u1b44\u1b6b-\u1b73\u1b80-\u1b82\u1ba1-\u1bad`,
  String.raw`\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce8\u1ced\u1cf4\u1cf7-\u1cf9\u1dc0-\u1dff\u200d-\u200f`,
  String.raw`\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua672`,
  String.raw`\ua674-\ua67d\ua69e-\ua69f\ua6f0-\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880-\ua881\ua8b4-\ua8c5`,
  String.raw`\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua953\ua980-\ua983\ua9b3-\ua9c0\ua9e5\uaa29-\uaa36\uaa43\uaa4c-\uaa4d`,
  String.raw`\uaa7b-\uaa7d\uaab0\uaab2-\uaab4\uaab7-\uaab8\uaabe-\uaabf\uaac1\uaaeb-\uaaef\uaaf5-\uaaf6\uabe3-\uabea`,
  String.raw`\uabec-\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\ufff9-\ufffb`,
].join('');

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

      -- The letters and digits of pg_unicode_fast are those of Unicode, whatever the locale of the server is. The signs of
      -- trade marks would otherwise become letters of the word before them.
      CREATE FUNCTION persian_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN btrim(regexp_replace(translate(
        regexp_replace(lower(normalize(translate($1, U&'\2122\2120\+01F16A\+01F16B\+01F16C', '     '), NFKD) COLLATE "C"),
          '[${IGNORED}]', '', 'g'),
        U&'\0671\0649\064A\06CE\06D0\06D2\0643\06AA\0629\06BE\06C1\06C3\06D5\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669',
        U&'\0627\06CC\06CC\06CC\06CC\06CC\06A9\06A9\0647\0647\0647\0647\064701234567890123456789') COLLATE pg_unicode_fast,
        '([^[:alnum:]]|[\U00010000-\U0010ffff])+', ' ', 'g'));

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
        sku_key text NOT NULL GENERATED ALWAYS AS (replace(persian_text(sku), ' ', '')) STORED,
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
      CREATE INDEX ix_variants_sku_key ON variants (sku_key);
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
