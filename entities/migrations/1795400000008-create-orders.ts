import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders and their lines. An order holds stock exactly while it awaits payment, and its status moves only along its table. */
export class CreateOrders1795400000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id uuid CONSTRAINT pk_orders PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY (START WITH 100001) CONSTRAINT uq_orders_number UNIQUE,
        cart_id uuid NOT NULL,
        request_digest char(64) NOT NULL,
        asked_by uuid,
        client_key varchar(64) NOT NULL,
        status varchar(20) NOT NULL,
        payment_status varchar(20) NOT NULL,
        total bigint NOT NULL,
        currency char(3) NOT NULL,
        payment_deadline timestamptz NOT NULL,
        settled_attempt_id uuid,
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        paid_at timestamptz,
        held_order_id uuid GENERATED ALWAYS AS (CASE WHEN status = 'awaiting_payment' THEN id END) STORED
          CONSTRAINT uq_orders_held UNIQUE,
        CONSTRAINT uq_orders_currency UNIQUE (id, currency),
        CONSTRAINT uq_orders_settled_attempt UNIQUE (id, settled_attempt_id),
        CONSTRAINT ck_orders_status CHECK (status IN ('awaiting_payment', 'placed', 'expired', 'cancelled')),
        CONSTRAINT ck_orders_payment_status CHECK (payment_status IN ('unpaid', 'paid', 'partly_refunded', 'refunded')),
        CONSTRAINT ck_orders_total CHECK (total >= 0),
        CONSTRAINT ck_orders_unpaid CHECK ((payment_status = 'unpaid') = (settled_attempt_id IS NULL)),
        CONSTRAINT ck_orders_unpaid_status
          CHECK ((status IN ('awaiting_payment', 'expired', 'cancelled')) = (payment_status = 'unpaid'))
      );
      CREATE UNIQUE INDEX uq_orders_open_per_cart ON orders (cart_id) WHERE status = 'awaiting_payment';
      CREATE INDEX ix_orders_cart ON orders (cart_id);
      CREATE INDEX ix_orders_open_per_client ON orders (client_key) WHERE status = 'awaiting_payment';
      CREATE INDEX ix_orders_deadline ON orders (payment_deadline) WHERE status = 'awaiting_payment';

      CREATE TABLE order_lines (
        order_id uuid NOT NULL CONSTRAINT fk_order_lines_order REFERENCES orders (id),
        variant_id uuid NOT NULL CONSTRAINT fk_order_lines_variant REFERENCES variants (id),
        sku varchar(64) NOT NULL,
        title varchar(400) NOT NULL,
        quantity integer NOT NULL,
        unit_price bigint NOT NULL,
        CONSTRAINT pk_order_lines PRIMARY KEY (order_id, variant_id),
        CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0),
        CONSTRAINT ck_order_lines_unit_price CHECK (unit_price >= 0)
      );

      CREATE TRIGGER orders_move_along_their_table BEFORE UPDATE OF status ON orders FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('awaiting_payment', 'placed'), ('awaiting_payment', 'expired'), ('awaiting_payment', 'cancelled'),
          ('expired', 'awaiting_payment')))
        EXECUTE FUNCTION refuse_status_move();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE order_lines;
      DROP TABLE orders;
    `);
  }
}
