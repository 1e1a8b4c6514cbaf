import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What staff do with stock: transfers between locations, counts and imports. */
export class RunStock1796000400001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX ix_reservations_unshipped ON reservations (variant_id, location_id)
        WHERE state = 'committed' AND shipped < quantity;

      CREATE TABLE stock_transfers (
        id uuid CONSTRAINT pk_stock_transfers PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uq_stock_transfers_number UNIQUE,
        from_id uuid NOT NULL CONSTRAINT fk_stock_transfers_from REFERENCES stock_locations (id),
        to_id uuid NOT NULL CONSTRAINT fk_stock_transfers_to REFERENCES stock_locations (id),
        status varchar(12) NOT NULL DEFAULT 'draft',
        note varchar(300),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        shipped_at timestamptz,
        ended_at timestamptz,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_stock_transfers_places CHECK (from_id <> to_id),
        CONSTRAINT ck_stock_transfers_status CHECK (status IN ('draft', 'in_transit', 'received', 'cancelled')),
        CONSTRAINT ck_stock_transfers_shipped CHECK ((status <> 'draft' OR shipped_at IS NULL)
          AND (status NOT IN ('in_transit', 'received') OR shipped_at IS NOT NULL)),
        CONSTRAINT ck_stock_transfers_ended CHECK ((status IN ('received', 'cancelled')) = (ended_at IS NOT NULL))
      );
      CREATE INDEX ix_stock_transfers_in_transit ON stock_transfers (to_id) WHERE status = 'in_transit';
      CREATE TRIGGER stock_transfers_move_along_their_table BEFORE UPDATE OF status ON stock_transfers FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('draft', 'in_transit'), ('draft', 'cancelled'), ('in_transit', 'received'), ('in_transit', 'cancelled')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE stock_transfer_lines (
        transfer_id uuid NOT NULL CONSTRAINT fk_stock_transfer_lines_transfer REFERENCES stock_transfers (id),
        variant_id uuid NOT NULL CONSTRAINT fk_stock_transfer_lines_variant REFERENCES variants (id),
        sent integer NOT NULL,
        received integer NOT NULL DEFAULT 0,
        returned integer NOT NULL DEFAULT 0,
        lost integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_stock_transfer_lines PRIMARY KEY (transfer_id, variant_id),
        CONSTRAINT ck_stock_transfer_lines_sent CHECK (sent > 0),
        CONSTRAINT ck_stock_transfer_lines_arrived CHECK (received >= 0 AND returned >= 0 AND lost >= 0
          AND received + returned + lost <= sent)
      );
      CREATE INDEX ix_stock_transfer_lines_variant ON stock_transfer_lines (variant_id);

      CREATE TABLE stock_transfer_receipts (
        id uuid NOT NULL,
        variant_id uuid NOT NULL,
        outcome varchar(10) NOT NULL,
        transfer_id uuid NOT NULL,
        quantity integer NOT NULL,
        actor_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_stock_transfer_receipts PRIMARY KEY (id, variant_id, outcome),
        CONSTRAINT fk_stock_transfer_receipts_line FOREIGN KEY (transfer_id, variant_id)
          REFERENCES stock_transfer_lines (transfer_id, variant_id),
        CONSTRAINT ck_stock_transfer_receipts_outcome CHECK (outcome IN ('received', 'returned', 'lost')),
        CONSTRAINT ck_stock_transfer_receipts_quantity CHECK (quantity > 0)
      );
      CREATE INDEX ix_stock_transfer_receipts_line ON stock_transfer_receipts (transfer_id, variant_id);
      CREATE TRIGGER stock_transfer_receipts_are_append_only BEFORE UPDATE OR DELETE ON stock_transfer_receipts
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE stock_counts (
        id uuid CONSTRAINT pk_stock_counts PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uq_stock_counts_number UNIQUE,
        location_id uuid NOT NULL CONSTRAINT fk_stock_counts_location REFERENCES stock_locations (id),
        status varchar(12) NOT NULL DEFAULT 'open',
        note varchar(300),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_by uuid,
        ended_at timestamptz,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_stock_counts_status CHECK (status IN ('open', 'counting', 'approved', 'cancelled')),
        CONSTRAINT ck_stock_counts_ended CHECK ((status IN ('approved', 'cancelled')) = (ended_at IS NOT NULL)
          AND (ended_at IS NULL) = (ended_by IS NULL))
      );
      -- Two counts of the same goods would both book the same difference.
      CREATE UNIQUE INDEX uq_stock_counts_running ON stock_counts (location_id) WHERE status IN ('open', 'counting');
      CREATE TRIGGER stock_counts_move_along_their_table BEFORE UPDATE OF status ON stock_counts FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('open', 'counting'), ('open', 'cancelled'), ('counting', 'approved'), ('counting', 'cancelled')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE stock_count_lines (
        count_id uuid NOT NULL CONSTRAINT fk_stock_count_lines_count REFERENCES stock_counts (id),
        variant_id uuid NOT NULL CONSTRAINT fk_stock_count_lines_variant REFERENCES variants (id),
        seq_seen integer NOT NULL,
        unshipped_seen integer NOT NULL,
        counted integer,
        counted_by uuid NOT NULL,
        counted_at timestamptz,
        CONSTRAINT pk_stock_count_lines PRIMARY KEY (count_id, variant_id),
        CONSTRAINT ck_stock_count_lines_seen CHECK (seq_seen >= 0 AND unshipped_seen >= 0),
        CONSTRAINT ck_stock_count_lines_counted CHECK (counted >= 0 AND (counted IS NULL) = (counted_at IS NULL))
      );

      CREATE TABLE stock_imports (
        id uuid CONSTRAINT pk_stock_imports PRIMARY KEY,
        digest char(64) NOT NULL,
        mode varchar(4) NOT NULL,
        lines integer NOT NULL,
        booked integer NOT NULL,
        actor_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_stock_imports_mode CHECK (mode IN ('set', 'add')),
        CONSTRAINT ck_stock_imports_lines CHECK (0 <= booked AND booked <= lines)
      );
      CREATE TRIGGER stock_imports_are_append_only BEFORE UPDATE OR DELETE ON stock_imports
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE stock_imports;
      DROP TABLE stock_count_lines;
      DROP TABLE stock_counts;
      DROP TABLE stock_transfer_receipts;
      DROP TABLE stock_transfer_lines;
      DROP TABLE stock_transfers;
      DROP INDEX ix_reservations_unshipped;
    `);
  }
}
