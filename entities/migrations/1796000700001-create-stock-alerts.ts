import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants to hear of stock, the crossings that people are told of, and who was told. */
export class CreateStockAlerts1796000700001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock_subscriptions (
        id uuid CONSTRAINT pk_stock_subscriptions PRIMARY KEY,
        account_id uuid NOT NULL CONSTRAINT fk_stock_subscriptions_account REFERENCES accounts (id),
        audience varchar(8) NOT NULL,
        kind varchar(4) NOT NULL,
        variant_id uuid CONSTRAINT fk_stock_subscriptions_variant REFERENCES variants (id) ON DELETE CASCADE,
        category_id uuid CONSTRAINT fk_stock_subscriptions_category REFERENCES categories (id) ON DELETE CASCADE,
        channel varchar(8) NOT NULL DEFAULT 'sms',
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT ck_stock_subscriptions_audience CHECK (audience IN ('staff', 'customer')),
        CONSTRAINT ck_stock_subscriptions_kind CHECK (kind IN ('low', 'out', 'back')),
        CONSTRAINT ck_stock_subscriptions_channel CHECK (channel IN ('sms')),
        CONSTRAINT ck_stock_subscriptions_scope CHECK (variant_id IS NULL OR category_id IS NULL),
        CONSTRAINT ck_stock_subscriptions_customer
          CHECK (audience = 'staff' OR (kind = 'back' AND variant_id IS NOT NULL))
      );
      CREATE INDEX ix_stock_subscriptions_account ON stock_subscriptions (account_id);
      CREATE INDEX ix_stock_subscriptions_variant ON stock_subscriptions (variant_id, created_at)
        WHERE audience = 'customer';
      CREATE INDEX ix_stock_subscriptions_staff ON stock_subscriptions (kind) WHERE audience = 'staff';

      CREATE TABLE stock_alerts (
        id uuid CONSTRAINT pk_stock_alerts PRIMARY KEY,
        variant_id uuid NOT NULL CONSTRAINT fk_stock_alerts_variant REFERENCES variants (id) ON DELETE CASCADE,
        kind varchar(4) NOT NULL,
        aggregate_id uuid NOT NULL,
        version integer NOT NULL,
        scope_id uuid NOT NULL,
        rearms_at integer,
        rearmed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        staff_told_at timestamptz,
        CONSTRAINT uq_stock_alerts_crossing UNIQUE (aggregate_id, kind, version),
        CONSTRAINT ck_stock_alerts_kind CHECK (kind IN ('low', 'out', 'back')),
        CONSTRAINT ck_stock_alerts_version CHECK (version > 0),
        CONSTRAINT ck_stock_alerts_rearms CHECK ((kind = 'low') = (rearms_at IS NOT NULL)),
        CONSTRAINT ck_stock_alerts_rearmed CHECK (rearmed_at IS NULL OR kind = 'low')
      );
      CREATE INDEX ix_stock_alerts_variant ON stock_alerts (variant_id, created_at);
      CREATE UNIQUE INDEX uq_stock_alerts_low ON stock_alerts (scope_id) WHERE kind = 'low' AND rearmed_at IS NULL;

      CREATE TABLE stock_notices (
        alert_id uuid NOT NULL CONSTRAINT fk_stock_notices_alert REFERENCES stock_alerts (id) ON DELETE CASCADE,
        account_id uuid NOT NULL CONSTRAINT fk_stock_notices_account REFERENCES accounts (id),
        audience varchar(8) NOT NULL,
        message_id uuid NOT NULL CONSTRAINT uq_stock_notices_message UNIQUE
          CONSTRAINT fk_stock_notices_message REFERENCES sms_messages (id),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_stock_notices PRIMARY KEY (alert_id, account_id, audience),
        CONSTRAINT ck_stock_notices_audience CHECK (audience IN ('staff', 'customer'))
      );
      CREATE INDEX ix_stock_notices_account ON stock_notices (account_id);

      -- Stock that rose a tenth above its point may be low again. A level says so itself, since nobody is woken by a rise.
      CREATE FUNCTION rearm_low_alerts() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE stock_alerts a SET rearmed_at = clock_timestamp()
        WHERE a.kind = 'low' AND a.rearmed_at IS NULL AND a.variant_id = NEW.variant_id AND (
          a.scope_id = NEW.id AND NEW.on_hand >= a.rearms_at
          OR a.scope_id = NEW.variant_id AND a.rearms_at <= (
            SELECT sum(l.on_hand) FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
            WHERE l.variant_id = NEW.variant_id));
        RETURN NULL;
      END $$;
      CREATE TRIGGER risen_stock_rearms_alerts AFTER UPDATE OF on_hand ON stock_levels FOR EACH ROW
        WHEN (NEW.on_hand > OLD.on_hand) EXECUTE FUNCTION rearm_low_alerts();
      CREATE TRIGGER new_stock_rearms_alerts AFTER INSERT ON stock_levels FOR EACH ROW
        WHEN (NEW.on_hand > 0) EXECUTE FUNCTION rearm_low_alerts();

      -- What cannot come back, or nobody may be told of, is waited for no longer.
      CREATE FUNCTION end_subscriptions_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM stock_subscriptions WHERE variant_id = NEW.id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER retired_variants_end_subscriptions AFTER UPDATE OF status ON variants FOR EACH ROW
        WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION end_subscriptions_of_variant();

      CREATE FUNCTION end_subscriptions_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM stock_subscriptions WHERE account_id = NEW.id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER accounts_end_subscriptions AFTER UPDATE OF status ON accounts FOR EACH ROW
        WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION end_subscriptions_of_account();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER accounts_end_subscriptions ON accounts;
      DROP TRIGGER retired_variants_end_subscriptions ON variants;
      DROP TRIGGER new_stock_rearms_alerts ON stock_levels;
      DROP TRIGGER risen_stock_rearms_alerts ON stock_levels;
      DROP FUNCTION end_subscriptions_of_account();
      DROP FUNCTION end_subscriptions_of_variant();
      DROP FUNCTION rearm_low_alerts();
      DROP TABLE stock_notices;
      DROP TABLE stock_alerts;
      DROP TABLE stock_subscriptions;
    `);
  }
}
