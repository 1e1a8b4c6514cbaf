import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How orders are paid. An order is paid exactly when one attempt of it is settled; the two foreign keys make that one fact. */
export class CreatePayments1795400000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
      CREATE TRIGGER payment_attempts_move_along_their_table BEFORE UPDATE OF status ON payment_attempts FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('requesting', 'open'), ('requesting', 'closed'),
          ('open', 'verifying'), ('open', 'refused'), ('open', 'closed'),
          ('verifying', 'open'), ('verifying', 'settled'), ('verifying', 'surplus'), ('verifying', 'refused'),
          ('refused', 'surplus'), ('refused', 'closed'), ('closed', 'surplus')))
        EXECUTE FUNCTION refuse_status_move();

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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ledger_entries;
      DROP TABLE payment_callbacks;
      ALTER TABLE orders DROP CONSTRAINT fk_orders_settled_attempt;
      DROP TABLE payment_attempts;
    `);
  }
}
