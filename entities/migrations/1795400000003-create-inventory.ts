import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stock as a ledger. Movements are append-only, and a level never reserves more than is on hand. */
export class CreateInventory1795400000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock_locations (
        id uuid CONSTRAINT pk_stock_locations PRIMARY KEY,
        code varchar(40) NOT NULL CONSTRAINT uq_stock_locations_code UNIQUE,
        title varchar(200) NOT NULL
      );
      INSERT INTO stock_locations (id, code, title)
      VALUES ('00000000-0000-8000-8000-000000000001', 'main', 'انبار مرکزی');

      CREATE TABLE stock_levels (
        variant_id uuid NOT NULL CONSTRAINT fk_stock_levels_variant REFERENCES variants (id),
        location_id uuid NOT NULL CONSTRAINT fk_stock_levels_location REFERENCES stock_locations (id),
        on_hand integer NOT NULL DEFAULT 0,
        reserved integer NOT NULL DEFAULT 0,
        movement_seq integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_stock_levels PRIMARY KEY (variant_id, location_id),
        CONSTRAINT ck_stock_levels_reserved CHECK (0 <= reserved AND reserved <= on_hand)
      ) WITH (fillfactor = 50);

      CREATE TABLE stock_movements (
        variant_id uuid NOT NULL,
        location_id uuid NOT NULL,
        seq integer NOT NULL,
        delta integer NOT NULL,
        on_hand_after integer NOT NULL,
        reason varchar(20) NOT NULL,
        ref varchar(100) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_stock_movements PRIMARY KEY (variant_id, location_id, seq),
        CONSTRAINT uq_stock_movements_act UNIQUE (reason, ref, variant_id, location_id),
        CONSTRAINT fk_stock_movements_level FOREIGN KEY (variant_id, location_id)
          REFERENCES stock_levels (variant_id, location_id),
        CONSTRAINT ck_stock_movements_delta CHECK (delta <> 0),
        CONSTRAINT ck_stock_movements_on_hand_after CHECK (on_hand_after >= 0),
        CONSTRAINT ck_stock_movements_reason
          CHECK (reason IN ('initial', 'received', 'sale', 'correction', 'return'))
      );
      CREATE TRIGGER stock_movements_are_append_only BEFORE UPDATE OR DELETE ON stock_movements
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE stock_movements;
      DROP TABLE stock_levels;
      DROP TABLE stock_locations;
    `);
  }
}
