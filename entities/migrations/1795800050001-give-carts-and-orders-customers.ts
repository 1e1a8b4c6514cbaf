import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Carts and orders of people who have signed in. Those of guests have no customer. */
export class GiveCartsAndOrdersCustomers1795800050001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE carts
        ADD COLUMN customer_id uuid CONSTRAINT fk_carts_customer REFERENCES accounts (id),
        ADD COLUMN joined_at timestamptz,
        ADD CONSTRAINT ck_carts_joined CHECK ((customer_id IS NULL) = (joined_at IS NULL));
      CREATE INDEX ix_carts_customer ON carts (customer_id, joined_at) WHERE customer_id IS NOT NULL;

      ALTER TABLE orders ADD COLUMN customer_id uuid CONSTRAINT fk_orders_customer REFERENCES accounts (id);
      CREATE INDEX ix_orders_customer ON orders (customer_id, number) WHERE customer_id IS NOT NULL;
      CREATE INDEX ix_orders_open_per_customer ON orders (customer_id)
        WHERE customer_id IS NOT NULL AND status = 'awaiting_payment';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders DROP COLUMN customer_id;
      ALTER TABLE carts DROP COLUMN customer_id, DROP COLUMN joined_at;
    `);
  }
}
