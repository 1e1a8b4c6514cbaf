import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reminds of what waits for a person, keeps a person's no, and gives new stock levels their reorder point. */
export class MindWhatWaits1797000500001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE purchase_orders
        DROP CONSTRAINT ck_purchase_orders_attention,
        ADD CONSTRAINT ck_purchase_orders_attention
          CHECK (attention IN ('late', 'refused', 'partly_accepted', 'unreachable', 'cancellation_refused', 'unapproved')),
        DROP CONSTRAINT ck_purchase_orders_expected,
        ADD CONSTRAINT ck_purchase_orders_expected
          CHECK (CASE WHEN status = 'awaiting_approval' THEN expected_at IS NULL
            ELSE (remind_at IS NULL) = (expected_at IS NULL) END);

      ALTER TABLE replenishment_policies
        ADD changed_at timestamptz NOT NULL DEFAULT now(),
        DROP CONSTRAINT ck_replenishment_policies_stuck,
        ADD CONSTRAINT ck_replenishment_policies_stuck CHECK (stuck IN ('no_supplier', 'no_inputs', 'declined'));

      ALTER TABLE stock_transfers ADD reminded_at timestamptz;
      CREATE INDEX ix_stock_transfers_draft ON stock_transfers (created_at) WHERE status = 'draft';

      -- A level that is made between two nights is watched at once.
      CREATE FUNCTION give_reorder_point() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        SELECT r.reorder_point, r.location_id IS NULL INTO NEW.reorder_point, NEW.reorder_shared
        FROM replenishment_policies r
        WHERE r.variant_id = NEW.variant_id AND r.reorder_point IS NOT NULL
          AND (r.location_id = NEW.location_id OR r.location_id IS NULL
            AND EXISTS (SELECT FROM stock_locations p WHERE p.id = NEW.location_id AND p.sells));
        NEW.reorder_shared := coalesce(NEW.reorder_shared, false);
        RETURN NEW;
      END $$;
      CREATE TRIGGER new_levels_are_watched BEFORE INSERT ON stock_levels FOR EACH ROW
        WHEN (NEW.reorder_point IS NULL) EXECUTE FUNCTION give_reorder_point();

      -- Levels that were made since the last night.
      UPDATE stock_levels l SET reorder_point = r.reorder_point, reorder_shared = r.location_id IS NULL
      FROM replenishment_policies r, stock_locations p
      WHERE p.id = l.location_id AND l.reorder_point IS NULL AND r.reorder_point IS NOT NULL
        AND r.variant_id = l.variant_id AND (r.location_id = l.location_id OR r.location_id IS NULL AND p.sells);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER new_levels_are_watched ON stock_levels;
      DROP FUNCTION give_reorder_point();
      DROP INDEX ix_stock_transfers_draft;
      ALTER TABLE stock_transfers DROP reminded_at;
      UPDATE replenishment_policies SET stuck = NULL WHERE stuck = 'declined';
      ALTER TABLE replenishment_policies
        DROP changed_at,
        DROP CONSTRAINT ck_replenishment_policies_stuck,
        ADD CONSTRAINT ck_replenishment_policies_stuck CHECK (stuck IN ('no_supplier', 'no_inputs'));
      UPDATE purchase_orders SET remind_at = NULL WHERE status = 'awaiting_approval';
      UPDATE purchase_orders SET attention = NULL WHERE attention = 'unapproved';
      ALTER TABLE purchase_orders
        DROP CONSTRAINT ck_purchase_orders_attention,
        ADD CONSTRAINT ck_purchase_orders_attention
          CHECK (attention IN ('late', 'refused', 'partly_accepted', 'unreachable', 'cancellation_refused')),
        DROP CONSTRAINT ck_purchase_orders_expected,
        ADD CONSTRAINT ck_purchase_orders_expected CHECK ((remind_at IS NULL) = (expected_at IS NULL));
    `);
  }
}
