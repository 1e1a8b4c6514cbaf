import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Orders, what they hold and how they are paid, with the invariants as constraints: an order is paid exactly when one attempt of
 * it is settled, it holds stock exactly while it awaits payment, and statuses move only along their tables.
 */
export class CreateOrders1795400000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id uuid CONSTRAINT pk_orders PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY (START WITH 100001) CONSTRAINT uq_orders_number UNIQUE,
        cart_id uuid NOT NULL,
        request_digest char(64) NOT NULL,
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

      CREATE TABLE reservations (
        order_id uuid NOT NULL,
        variant_id uuid NOT NULL,
        location_id uuid NOT NULL,
        quantity integer NOT NULL,
        state varchar(10) NOT NULL,
        held_order_id uuid GENERATED ALWAYS AS (CASE WHEN state = 'held' THEN order_id END) STORED,
        CONSTRAINT pk_reservations PRIMARY KEY (order_id, variant_id, location_id),
        CONSTRAINT ck_reservations_quantity CHECK (quantity > 0),
        CONSTRAINT ck_reservations_state CHECK (state IN ('held', 'released', 'committed')),
        CONSTRAINT fk_reservations_line FOREIGN KEY (order_id, variant_id) REFERENCES order_lines (order_id, variant_id),
        CONSTRAINT fk_reservations_level FOREIGN KEY (variant_id, location_id)
          REFERENCES stock_levels (variant_id, location_id),
        CONSTRAINT fk_reservations_held_order FOREIGN KEY (held_order_id) REFERENCES orders (held_order_id)
          DEFERRABLE INITIALLY DEFERRED
      );
      CREATE INDEX ix_reservations_held ON reservations (held_order_id);
      CREATE INDEX ix_reservations_held_level ON reservations (variant_id, location_id) WHERE state = 'held';

      CREATE TABLE payment_attempts (
        id uuid CONSTRAINT pk_payment_attempts PRIMARY KEY,
        order_id uuid NOT NULL,
        gateway varchar(40) NOT NULL,
        status varchar(20) NOT NULL,
        authority varchar(200),
        redirect_url varchar(500),
        ref_id varchar(200),
        amount bigint NOT NULL,
        currency char(3) NOT NULL,
        captured bigint NOT NULL DEFAULT 0,
        refund_pending bigint NOT NULL DEFAULT 0,
        refunded bigint NOT NULL DEFAULT 0,
        fee bigint,
        card_pan varchar(32),
        failure_code varchar(80),
        payable_until timestamptz NOT NULL,
        capture_round integer NOT NULL DEFAULT 0,
        last_capture_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        settled_order_id uuid GENERATED ALWAYS AS (CASE WHEN status = 'settled' THEN order_id END) STORED,
        CONSTRAINT uq_payment_attempts_authority UNIQUE (gateway, authority),
        CONSTRAINT uq_payment_attempts_ref UNIQUE (gateway, ref_id),
        CONSTRAINT uq_payment_attempts_settled UNIQUE (settled_order_id, id),
        CONSTRAINT fk_payment_attempts_order FOREIGN KEY (order_id, currency) REFERENCES orders (id, currency),
        CONSTRAINT fk_payment_attempts_settled_order FOREIGN KEY (settled_order_id, id)
          REFERENCES orders (id, settled_attempt_id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT ck_payment_attempts_status
          CHECK (status IN ('requesting', 'open', 'verifying', 'settled', 'surplus', 'refused', 'closed')),
        CONSTRAINT ck_payment_attempts_amount CHECK (amount >= 0),
        CONSTRAINT ck_payment_attempts_captured
          CHECK (refund_pending >= 0 AND refunded >= 0 AND refund_pending + refunded <= captured),
        CONSTRAINT ck_payment_attempts_captured_status
          CHECK (captured = CASE WHEN status IN ('settled', 'surplus') THEN amount ELSE 0 END)
      );
      CREATE UNIQUE INDEX uq_payment_attempts_one_capture ON payment_attempts (order_id)
        WHERE status IN ('verifying', 'settled');
      CREATE INDEX ix_payment_attempts_order ON payment_attempts (order_id);
      CREATE INDEX ix_payment_attempts_unfinished ON payment_attempts (payable_until)
        WHERE status IN ('requesting', 'open', 'verifying', 'refused');
      CREATE INDEX ix_payment_attempts_surplus ON payment_attempts (id)
        WHERE status = 'surplus' AND refunded < captured;
      ALTER TABLE orders ADD CONSTRAINT fk_orders_settled_attempt FOREIGN KEY (id, settled_attempt_id)
        REFERENCES payment_attempts (settled_order_id, id) DEFERRABLE INITIALLY DEFERRED;

      CREATE TABLE payment_callbacks (
        id uuid CONSTRAINT pk_payment_callbacks PRIMARY KEY,
        attempt_id uuid NOT NULL CONSTRAINT fk_payment_callbacks_attempt REFERENCES payment_attempts (id),
        claimed_status varchar(20) NOT NULL,
        query jsonb NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz,
        CONSTRAINT ck_payment_callbacks_claimed_status CHECK (claimed_status IN ('paid', 'not_paid', 'unclear'))
      );
      CREATE INDEX ix_payment_callbacks_attempt ON payment_callbacks (attempt_id);
      CREATE INDEX ix_payment_callbacks_unprocessed ON payment_callbacks (received_at) WHERE processed_at IS NULL;

      CREATE TABLE ledger_entries (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ledger_entries PRIMARY KEY,
        posting_key varchar(200) NOT NULL,
        line integer NOT NULL,
        order_id uuid NOT NULL CONSTRAINT fk_ledger_entries_order REFERENCES orders (id),
        debit_account varchar(80) NOT NULL,
        credit_account varchar(80) NOT NULL,
        amount bigint NOT NULL,
        currency char(3) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_ledger_entries_posting UNIQUE (posting_key, line),
        CONSTRAINT ck_ledger_entries_amount CHECK (amount > 0),
        CONSTRAINT ck_ledger_entries_accounts CHECK (debit_account <> credit_account)
      );
      CREATE INDEX ix_ledger_entries_order ON ledger_entries (order_id);
      CREATE TRIGGER ledger_entries_are_append_only BEFORE UPDATE OR DELETE ON ledger_entries
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE workflow_wakes (
        order_id uuid CONSTRAINT pk_workflow_wakes PRIMARY KEY CONSTRAINT fk_workflow_wakes_order REFERENCES orders (id),
        woken_at timestamptz NOT NULL DEFAULT now(),
        times integer NOT NULL DEFAULT 1
      );
    `);
    await runner.query(`
      CREATE FUNCTION refuse_status_move() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% may not move from % to %', TG_TABLE_NAME, OLD.status, NEW.status
          USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER orders_move_along_their_table BEFORE UPDATE OF status ON orders FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('awaiting_payment', 'placed'), ('awaiting_payment', 'expired'), ('awaiting_payment', 'cancelled'),
          ('expired', 'awaiting_payment')))
        EXECUTE FUNCTION refuse_status_move();
      CREATE TRIGGER payment_attempts_move_along_their_table BEFORE UPDATE OF status ON payment_attempts FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('requesting', 'open'), ('requesting', 'closed'),
          ('open', 'verifying'), ('open', 'refused'), ('open', 'closed'),
          ('verifying', 'open'), ('verifying', 'settled'), ('verifying', 'surplus'), ('verifying', 'refused'),
          ('refused', 'surplus'), ('refused', 'closed'), ('closed', 'surplus')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE FUNCTION check_order_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        checked uuid;
      BEGIN
        IF TG_TABLE_NAME = 'orders' THEN
          checked := NEW.id;
        ELSIF TG_OP = 'DELETE' THEN
          checked := OLD.order_id;
        ELSE
          checked := NEW.order_id;
        END IF;
        IF EXISTS (SELECT 1 FROM orders WHERE id = checked AND status = 'awaiting_payment') AND EXISTS (
          SELECT 1 FROM order_lines l
          WHERE l.order_id = checked AND l.quantity <> (
            SELECT coalesce(sum(r.quantity), 0) FROM reservations r
            WHERE r.order_id = checked AND r.variant_id = l.variant_id AND r.state = 'held'))
        THEN
          RAISE EXCEPTION 'order % awaits payment without holding exactly its lines', checked
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER orders_hold_their_lines AFTER INSERT OR UPDATE OF status ON orders
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
      CREATE CONSTRAINT TRIGGER order_lines_are_held AFTER INSERT OR UPDATE OR DELETE ON order_lines
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
      CREATE CONSTRAINT TRIGGER reservations_hold_lines AFTER INSERT OR UPDATE OR DELETE ON reservations
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE workflow_wakes;
      DROP TABLE ledger_entries;
      DROP TABLE payment_callbacks;
      ALTER TABLE orders DROP CONSTRAINT fk_orders_settled_attempt;
      DROP TABLE payment_attempts;
      DROP TABLE reservations;
      DROP TABLE order_lines;
      DROP TABLE orders;
      DROP FUNCTION check_order_holds();
      DROP FUNCTION refuse_status_move();
    `);
  }
}
