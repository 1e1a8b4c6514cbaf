import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = (table: string) => `
        name varchar(80) NOT NULL,
        phone varchar(16) NOT NULL,
        province varchar(5) NOT NULL,
        city varchar(6) NOT NULL,
        postal_code varchar(10) NOT NULL,
        lines text[] NOT NULL,
        plaque varchar(10),
        unit varchar(10),
        latitude double precision,
        longitude double precision,
        CONSTRAINT ck_${table}_phone CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        CONSTRAINT ck_${table}_postal_code CHECK (postal_code ~ '^[0-9]{10}$'),
        CONSTRAINT ck_${table}_lines CHECK (cardinality(lines) BETWEEN 1 AND 3),
        CONSTRAINT ck_${table}_location CHECK ((latitude IS NULL) = (longitude IS NULL))`;

/** Who gets the goods of a cart or an order. These rows alone hold it, so that an erasure can delete it. */
export class CreateRecipients1795800050002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cart_recipients (
        cart_id uuid CONSTRAINT pk_cart_recipients PRIMARY KEY
          CONSTRAINT fk_cart_recipients_cart REFERENCES carts (id) ON DELETE CASCADE,
        ${COLUMNS('cart_recipients')}
      );

      CREATE TABLE order_recipients (
        order_id uuid CONSTRAINT pk_order_recipients PRIMARY KEY
          CONSTRAINT fk_order_recipients_order REFERENCES orders (id),
        ${COLUMNS('order_recipients')}
      );

      ALTER TABLE orders ADD COLUMN delivers boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders DROP COLUMN delivers;
      DROP TABLE order_recipients;
      DROP TABLE cart_recipients;
    `);
  }
}
