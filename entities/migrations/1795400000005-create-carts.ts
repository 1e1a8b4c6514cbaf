import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The carts of guests, found by an id that is derived from their token. */
export class CreateCarts1795400000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE carts (
        id uuid CONSTRAINT pk_carts PRIMARY KEY,
        version integer NOT NULL DEFAULT 1,
        currency char(3) NOT NULL DEFAULT 'IRR',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_carts_currency CHECK (currency = 'IRR'),
        CONSTRAINT ck_carts_version CHECK (version > 0)
      );
      CREATE INDEX ix_carts_updated ON carts (updated_at);

      CREATE TABLE cart_lines (
        cart_id uuid NOT NULL CONSTRAINT fk_cart_lines_cart REFERENCES carts (id) ON DELETE CASCADE,
        variant_id uuid NOT NULL CONSTRAINT fk_cart_lines_variant REFERENCES variants (id),
        quantity integer NOT NULL,
        seen_price bigint NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_cart_lines PRIMARY KEY (cart_id, variant_id),
        CONSTRAINT ck_cart_lines_quantity CHECK (quantity > 0),
        CONSTRAINT ck_cart_lines_seen_price CHECK (seen_price >= 0)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE cart_lines;
      DROP TABLE carts;
    `);
  }
}
