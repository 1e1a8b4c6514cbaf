import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Demand by day, the calendar, and how each variant is reordered (docs/replenishment.md). */
export class CreateReplenishment1796000600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A decision drafts transfers too, and nobody made those.
      ALTER TABLE stock_transfers ALTER created_by DROP NOT NULL;

      -- The ledger only grows at its end, so a few pages of summaries find a day.
      CREATE INDEX ix_stock_movements_created_at ON stock_movements USING brin (created_at) WITH (pages_per_range = 16);

      CREATE TABLE calendar_days (
        day date CONSTRAINT pk_calendar_days PRIMARY KEY,
        holiday varchar(80),
        is_certain boolean NOT NULL DEFAULT true
      );

      CREATE TABLE demand_daily (
        variant_id uuid NOT NULL CONSTRAINT fk_demand_daily_variant REFERENCES variants (id) ON DELETE CASCADE,
        day date NOT NULL,
        units integer NOT NULL,
        lines integer NOT NULL,
        in_stock_share real NOT NULL,
        CONSTRAINT pk_demand_daily PRIMARY KEY (variant_id, day),
        CONSTRAINT ck_demand_daily_share CHECK (in_stock_share BETWEEN 0 AND 1),
        CONSTRAINT ck_demand_daily_lines CHECK (lines >= 0)
      );
      CREATE INDEX ix_demand_daily_day ON demand_daily (day);

      CREATE TABLE demand_profiles (
        id smallint CONSTRAINT pk_demand_profiles PRIMARY KEY DEFAULT 1,
        rolled_up_to date,
        profile jsonb,
        CONSTRAINT ck_demand_profiles_one CHECK (id = 1)
      );
      INSERT INTO demand_profiles DEFAULT VALUES;

      CREATE TABLE replenishment_policies (
        id uuid CONSTRAINT pk_replenishment_policies PRIMARY KEY,
        variant_id uuid NOT NULL CONSTRAINT fk_replenishment_policies_variant REFERENCES variants (id),
        location_id uuid CONSTRAINT fk_replenishment_policies_location REFERENCES stock_locations (id),
        policy jsonb NOT NULL,
        value_limit bigint,
        paused boolean NOT NULL DEFAULT false,
        inputs jsonb,
        reorder_point integer,
        up_to integer,
        computed_on date,
        stuck varchar(20),
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT uq_replenishment_policies_place UNIQUE NULLS NOT DISTINCT (variant_id, location_id),
        CONSTRAINT ck_replenishment_policies_band CHECK (0 <= reorder_point AND reorder_point <= up_to),
        CONSTRAINT ck_replenishment_policies_stuck CHECK (stuck IN ('no_supplier', 'no_inputs')),
        CONSTRAINT ck_replenishment_policies_value_limit CHECK (value_limit >= 0)
      );

      CREATE TABLE replenishment_decisions (
        id uuid CONSTRAINT pk_replenishment_decisions PRIMARY KEY,
        policy_id uuid NOT NULL CONSTRAINT fk_replenishment_decisions_policy REFERENCES replenishment_policies (id),
        at timestamptz NOT NULL DEFAULT now(),
        why jsonb NOT NULL,
        transferred integer NOT NULL DEFAULT 0,
        ordered integer NOT NULL DEFAULT 0,
        order_id uuid,
        transfer_id uuid CONSTRAINT fk_replenishment_decisions_transfer REFERENCES stock_transfers (id),
        CONSTRAINT ck_replenishment_decisions_units
          CHECK (transferred >= 0 AND ordered >= 0 AND transferred + ordered > 0),
        CONSTRAINT ck_replenishment_decisions_order CHECK ((ordered > 0) = (order_id IS NOT NULL) AND (transferred > 0) = (transfer_id IS NOT NULL))
      );
      CREATE INDEX ix_replenishment_decisions_policy ON replenishment_decisions (policy_id, at DESC);
      CREATE TRIGGER replenishment_decisions_are_append_only BEFORE UPDATE OR DELETE ON replenishment_decisions
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE replenishment_decisions;
      DROP TABLE replenishment_policies;
      DROP TABLE demand_profiles;
      DROP TABLE demand_daily;
      DROP TABLE calendar_days;
      DROP INDEX ix_stock_movements_created_at;
      ALTER TABLE stock_transfers ALTER created_by SET NOT NULL;
    `);
  }
}
