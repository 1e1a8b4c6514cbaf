import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Suppliers, what they sell, purchase orders with their receipts, and what is exchanged with suppliers. */
export class CreatePurchasing1796000500001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE suppliers (
        id uuid CONSTRAINT pk_suppliers PRIMARY KEY,
        name varchar(200) NOT NULL,
        channel varchar(10) NOT NULL,
        address varchar(500),
        lead_days integer NOT NULL,
        lead_sd double precision NOT NULL DEFAULT 0,
        cutoff_minute integer NOT NULL,
        weekdays integer[] NOT NULL,
        review_days integer NOT NULL DEFAULT 1,
        minimum_value bigint,
        approval_limit bigint,
        secret bytea,
        secret_key_id varchar(16),
        previous_secret bytea,
        previous_secret_key_id varchar(16),
        status varchar(10) NOT NULL DEFAULT 'active',
        created_at timestamptz NOT NULL DEFAULT now(),
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_suppliers_channel CHECK (channel IN ('webhook', 'email', 'manual')),
        CONSTRAINT ck_suppliers_address CHECK ((channel = 'manual') = (address IS NULL)),
        CONSTRAINT ck_suppliers_lead CHECK (lead_days BETWEEN 1 AND 365 AND lead_sd BETWEEN 0 AND 365),
        CONSTRAINT ck_suppliers_cutoff CHECK (cutoff_minute BETWEEN 0 AND 1439),
        CONSTRAINT ck_suppliers_weekdays
          CHECK (cardinality(weekdays) BETWEEN 1 AND 6 AND weekdays <@ '{0,1,2,3,4,5}'::integer[]),
        CONSTRAINT ck_suppliers_review CHECK (review_days BETWEEN 0 AND 365),
        CONSTRAINT ck_suppliers_money CHECK (minimum_value > 0 AND approval_limit >= 0),
        CONSTRAINT ck_suppliers_secret CHECK ((channel = 'webhook') = (secret IS NOT NULL)),
        CONSTRAINT ck_suppliers_secret_key CHECK ((secret IS NULL) = (secret_key_id IS NULL)),
        CONSTRAINT ck_suppliers_previous_secret
          CHECK ((previous_secret IS NULL) = (previous_secret_key_id IS NULL)),
        CONSTRAINT ck_suppliers_status CHECK (status IN ('active', 'paused'))
      );

      CREATE TABLE supplier_items (
        supplier_id uuid NOT NULL CONSTRAINT fk_supplier_items_supplier REFERENCES suppliers (id),
        variant_id uuid NOT NULL CONSTRAINT fk_supplier_items_variant REFERENCES variants (id),
        supplier_sku varchar(100) NOT NULL,
        pack integer NOT NULL DEFAULT 1,
        minimum_order integer NOT NULL DEFAULT 1,
        unit_cost bigint,
        preferred boolean NOT NULL DEFAULT false,
        CONSTRAINT pk_supplier_items PRIMARY KEY (supplier_id, variant_id),
        CONSTRAINT uq_supplier_items_sku UNIQUE (supplier_id, supplier_sku),
        CONSTRAINT ck_supplier_items_pack CHECK (pack BETWEEN 1 AND 100000),
        CONSTRAINT ck_supplier_items_minimum_order CHECK (minimum_order BETWEEN 1 AND 10000000),
        CONSTRAINT ck_supplier_items_unit_cost CHECK (unit_cost BETWEEN 0 AND 1000000000000)
      );
      CREATE UNIQUE INDEX uq_supplier_items_preferred ON supplier_items (variant_id) WHERE preferred;

      CREATE TABLE purchase_orders (
        id uuid CONSTRAINT pk_purchase_orders PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) CONSTRAINT uq_purchase_orders_number UNIQUE,
        supplier_id uuid NOT NULL CONSTRAINT fk_purchase_orders_supplier REFERENCES suppliers (id),
        location_id uuid NOT NULL CONSTRAINT fk_purchase_orders_location REFERENCES stock_locations (id),
        revision integer NOT NULL DEFAULT 1,
        status varchar(20) NOT NULL DEFAULT 'collecting',
        created_by uuid CONSTRAINT fk_purchase_orders_created_by REFERENCES accounts (id),
        approved_by uuid CONSTRAINT fk_purchase_orders_approved_by REFERENCES accounts (id),
        approval_reasons text[] NOT NULL DEFAULT '{}',
        cutoff_at timestamptz NOT NULL,
        ordered_at timestamptz,
        expected_at timestamptz,
        remind_at timestamptz,
        reminders integer NOT NULL DEFAULT 0,
        attention varchar(20),
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        woken_at timestamptz,
        wakes integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_purchase_orders_status CHECK (status IN ('collecting', 'awaiting_approval', 'sending', 'ordered',
          'partly_received', 'received', 'closed_short', 'cancelled', 'refused')),
        CONSTRAINT ck_purchase_orders_attention
          CHECK (attention IN ('late', 'refused', 'partly_accepted', 'unreachable', 'cancellation_refused')),
        CONSTRAINT ck_purchase_orders_revision CHECK (revision > 0),
        CONSTRAINT ck_purchase_orders_expected CHECK ((remind_at IS NULL) = (expected_at IS NULL)),
        CONSTRAINT ck_purchase_orders_finished
          CHECK ((finished_at IS NOT NULL) = (status IN ('received', 'closed_short', 'cancelled', 'refused')))
      );
      CREATE UNIQUE INDEX uq_purchase_orders_collecting ON purchase_orders (supplier_id, location_id)
        WHERE status = 'collecting';
      CREATE INDEX ix_purchase_orders_unfinished ON purchase_orders (created_at) WHERE finished_at IS NULL;
      CREATE INDEX ix_purchase_orders_supplier ON purchase_orders (supplier_id, number);
      CREATE TRIGGER purchase_orders_move_along_their_table BEFORE UPDATE OF status ON purchase_orders FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('collecting', 'awaiting_approval'), ('collecting', 'sending'), ('collecting', 'cancelled'),
          ('awaiting_approval', 'sending'), ('awaiting_approval', 'cancelled'),
          ('sending', 'ordered'), ('sending', 'partly_received'), ('sending', 'received'), ('sending', 'cancelled'),
          ('sending', 'refused'),
          ('ordered', 'partly_received'), ('ordered', 'received'), ('ordered', 'closed_short'), ('ordered', 'cancelled'),
          ('ordered', 'refused'),
          ('partly_received', 'received'), ('partly_received', 'closed_short')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE purchase_order_lines (
        order_id uuid NOT NULL CONSTRAINT fk_purchase_order_lines_order REFERENCES purchase_orders (id),
        variant_id uuid NOT NULL CONSTRAINT fk_purchase_order_lines_variant REFERENCES variants (id),
        supplier_sku varchar(100) NOT NULL,
        ordered integer NOT NULL,
        received integer NOT NULL DEFAULT 0,
        over integer NOT NULL DEFAULT 0,
        confirmed integer,
        unit_cost bigint,
        CONSTRAINT pk_purchase_order_lines PRIMARY KEY (order_id, variant_id),
        CONSTRAINT ck_purchase_order_lines_ordered CHECK (ordered BETWEEN 1 AND 100000000),
        CONSTRAINT ck_purchase_order_lines_received CHECK (0 <= received AND received <= ordered + over),
        CONSTRAINT ck_purchase_order_lines_over CHECK (over = greatest(0, received - ordered)),
        CONSTRAINT ck_purchase_order_lines_confirmed CHECK (confirmed BETWEEN 0 AND ordered),
        CONSTRAINT ck_purchase_order_lines_unit_cost CHECK (unit_cost BETWEEN 0 AND 1000000000000)
      );
      CREATE INDEX ix_purchase_order_lines_variant ON purchase_order_lines (variant_id);

      CREATE TABLE purchase_order_requests (
        id uuid NOT NULL,
        variant_id uuid NOT NULL,
        order_id uuid NOT NULL,
        quantity integer NOT NULL,
        account_id uuid CONSTRAINT fk_purchase_order_requests_account REFERENCES accounts (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_purchase_order_requests PRIMARY KEY (id, variant_id),
        CONSTRAINT fk_purchase_order_requests_line FOREIGN KEY (order_id, variant_id)
          REFERENCES purchase_order_lines (order_id, variant_id),
        CONSTRAINT ck_purchase_order_requests_quantity CHECK (quantity > 0)
      );
      CREATE INDEX ix_purchase_order_requests_line ON purchase_order_requests (order_id, variant_id);
      CREATE TRIGGER purchase_order_requests_are_append_only BEFORE UPDATE OR DELETE ON purchase_order_requests
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE purchase_order_receipts (
        id uuid CONSTRAINT pk_purchase_order_receipts PRIMARY KEY,
        order_id uuid NOT NULL CONSTRAINT fk_purchase_order_receipts_order REFERENCES purchase_orders (id),
        account_id uuid NOT NULL CONSTRAINT fk_purchase_order_receipts_account REFERENCES accounts (id),
        request_digest varchar(64) NOT NULL,
        note varchar(300),
        received_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX ix_purchase_order_receipts_order ON purchase_order_receipts (order_id);

      CREATE TABLE purchase_order_receipt_lines (
        receipt_id uuid NOT NULL
          CONSTRAINT fk_purchase_order_receipt_lines_receipt REFERENCES purchase_order_receipts (id),
        variant_id uuid NOT NULL,
        order_id uuid NOT NULL,
        received integer NOT NULL,
        refused integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_purchase_order_receipt_lines PRIMARY KEY (receipt_id, variant_id),
        CONSTRAINT fk_purchase_order_receipt_lines_line FOREIGN KEY (order_id, variant_id)
          REFERENCES purchase_order_lines (order_id, variant_id),
        CONSTRAINT ck_purchase_order_receipt_lines_units
          CHECK (received >= 0 AND refused >= 0 AND received + refused BETWEEN 1 AND 100000000)
      );
      CREATE INDEX ix_purchase_order_receipt_lines_line ON purchase_order_receipt_lines (order_id, variant_id);
      CREATE TRIGGER purchase_order_receipt_lines_are_append_only BEFORE UPDATE OR DELETE
        ON purchase_order_receipt_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE supplier_messages (
        order_id uuid NOT NULL CONSTRAINT fk_supplier_messages_order REFERENCES purchase_orders (id),
        revision integer NOT NULL,
        kind varchar(10) NOT NULL,
        channel varchar(10) NOT NULL,
        webhook_id varchar(60) NOT NULL CONSTRAINT uq_supplier_messages_webhook_id UNIQUE,
        status varchar(10) NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        next_at timestamptz,
        answer varchar(300),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_supplier_messages PRIMARY KEY (order_id, revision),
        CONSTRAINT ck_supplier_messages_kind CHECK (kind IN ('order', 'cancel')),
        CONSTRAINT ck_supplier_messages_status
          CHECK (status IN ('pending', 'sending', 'unknown', 'sent', 'refused', 'withdrawn')),
        CONSTRAINT ck_supplier_messages_attempts
          CHECK (attempts >= 0 AND (attempts > 0 OR status IN ('pending', 'withdrawn'))),
        CONSTRAINT ck_supplier_messages_next
          CHECK ((next_at IS NOT NULL) = (status IN ('pending', 'sending', 'unknown')))
      );
      CREATE TRIGGER supplier_messages_move_along_their_table BEFORE UPDATE OF status ON supplier_messages
        FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('pending', 'sending'), ('pending', 'withdrawn'),
          ('sending', 'sent'), ('sending', 'refused'), ('sending', 'unknown'),
          ('unknown', 'sending'), ('unknown', 'sent'), ('unknown', 'refused'), ('refused', 'pending')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE supplier_replies (
        id uuid CONSTRAINT pk_supplier_replies PRIMARY KEY,
        supplier_id uuid NOT NULL CONSTRAINT fk_supplier_replies_supplier REFERENCES suppliers (id),
        order_id uuid NOT NULL CONSTRAINT fk_supplier_replies_order REFERENCES purchase_orders (id),
        webhook_id varchar(100) NOT NULL,
        signed_at bigint NOT NULL,
        signature varchar(1000) NOT NULL,
        digest varchar(64) NOT NULL,
        body bytea,
        received_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz,
        verdict varchar(10),
        CONSTRAINT uq_supplier_replies_arrival UNIQUE (supplier_id, digest),
        CONSTRAINT ck_supplier_replies_verdict
          CHECK (verdict IN ('genuine', 'forged', 'old', 'repeated', 'foreign', 'malformed')),
        CONSTRAINT ck_supplier_replies_processed CHECK ((processed_at IS NULL) = (verdict IS NULL)),
        CONSTRAINT ck_supplier_replies_erased CHECK ((processed_at IS NULL) = (body IS NOT NULL))
      );
      CREATE UNIQUE INDEX uq_supplier_replies_genuine ON supplier_replies (supplier_id, webhook_id)
        WHERE verdict = 'genuine';
      CREATE INDEX ix_supplier_replies_order ON supplier_replies (order_id);
      CREATE INDEX ix_supplier_replies_unprocessed ON supplier_replies (received_at) WHERE processed_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE supplier_replies;
      DROP TABLE supplier_messages;
      DROP TABLE purchase_order_receipt_lines;
      DROP TABLE purchase_order_receipts;
      DROP TABLE purchase_order_requests;
      DROP TABLE purchase_order_lines;
      DROP TABLE purchase_orders;
      DROP TABLE supplier_items;
      DROP TABLE suppliers;
    `);
  }
}
