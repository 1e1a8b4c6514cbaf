import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Campaigns by SMS, whom they go to, and in which calls of a provider (docs/campaigns.md). */
export class CreateCampaigns1797000940001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE campaigns (
        id uuid CONSTRAINT pk_campaigns PRIMARY KEY,
        name varchar(120) NOT NULL,
        template varchar(60) NOT NULL,
        language varchar(2) NOT NULL,
        variables jsonb NOT NULL,
        audience varchar(6) NOT NULL,
        filter jsonb,
        upload jsonb,
        status varchar(10) NOT NULL DEFAULT 'draft',
        pause_reason varchar(10),
        paused_at timestamptz,
        created_by uuid NOT NULL CONSTRAINT fk_campaigns_created_by REFERENCES accounts (id),
        changed_by uuid NOT NULL CONSTRAINT fk_campaigns_changed_by REFERENCES accounts (id),
        approved_by uuid CONSTRAINT fk_campaigns_approved_by REFERENCES accounts (id),
        approved_recipients integer,
        approved_text varchar(900),
        approved_max_cost bigint,
        send_from smallint NOT NULL,
        send_until smallint NOT NULL,
        max_cost bigint,
        text varchar(900),
        segments smallint,
        segment_price bigint,
        approval_above integer,
        estimated_recipients integer NOT NULL DEFAULT 0,
        starts_at timestamptz,
        gathered_after uuid,
        is_gathered boolean NOT NULL DEFAULT false,
        recipients integer NOT NULL DEFAULT 0,
        pending integer NOT NULL DEFAULT 0,
        handed integer NOT NULL DEFAULT 0,
        accepted integer NOT NULL DEFAULT 0,
        delivered integer NOT NULL DEFAULT 0,
        failed integer NOT NULL DEFAULT 0,
        ambiguous integer NOT NULL DEFAULT 0,
        suppressed integer NOT NULL DEFAULT 0,
        batches integer NOT NULL DEFAULT 0,
        batch_most integer NOT NULL DEFAULT 1000,
        failures integer NOT NULL DEFAULT 0,
        not_before timestamptz,
        operator_moves jsonb NOT NULL DEFAULT '[]',
        report_at timestamptz,
        reports integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        forgotten_at timestamptz,
        woken_at timestamptz,
        wakes integer NOT NULL DEFAULT 0,
        CONSTRAINT fk_campaigns_template FOREIGN KEY (template, language) REFERENCES sms_templates (key, language),
        CONSTRAINT ck_campaigns_audience CHECK (audience IN ('filter', 'csv')),
        CONSTRAINT ck_campaigns_filter CHECK ((audience = 'filter') = (filter IS NOT NULL)),
        CONSTRAINT ck_campaigns_upload CHECK (audience = 'csv' OR upload IS NULL),
        CONSTRAINT ck_campaigns_status
          CHECK (status IN ('draft', 'scheduled', 'running', 'paused', 'done', 'cancelled')),
        CONSTRAINT ck_campaigns_paused
          CHECK ((status = 'paused') = (pause_reason IS NOT NULL) AND (status = 'paused') = (paused_at IS NOT NULL)),
        CONSTRAINT ck_campaigns_pause_reason CHECK (pause_reason IN ('staff', 'budget', 'approval', 'provider')),
        CONSTRAINT ck_campaigns_approved CHECK (approved_by <> created_by AND approved_by <> changed_by),
        CONSTRAINT ck_campaigns_hours CHECK (send_from >= 8 AND send_until <= 21 AND send_from < send_until),
        CONSTRAINT ck_campaigns_max_cost CHECK (max_cost > 0),
        CONSTRAINT ck_campaigns_priced
          CHECK ((status <> 'draft' OR segments IS NULL) AND (segments IS NULL) = (segment_price IS NULL)
            AND (segments IS NOT NULL OR status IN ('draft', 'cancelled'))),
        CONSTRAINT ck_campaigns_scheduled 
          CHECK ((segments IS NULL) = (starts_at IS NULL) AND (segments IS NULL) = (text IS NULL)),
        CONSTRAINT ck_campaigns_finished CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'cancelled'))),
        CONSTRAINT ck_campaigns_counts
          CHECK (least(pending, handed, accepted, delivered, failed, ambiguous, suppressed) >= 0
            AND recipients = pending + handed + accepted + delivered + failed + ambiguous + suppressed),
        CONSTRAINT ck_campaigns_budget
          CHECK (max_cost >= segment_price * segments * (handed + accepted + delivered + failed + ambiguous)),
        CONSTRAINT ck_campaigns_done CHECK (status <> 'done' OR pending + handed = 0)
      );
      CREATE INDEX ix_campaigns_created ON campaigns (created_at, id);
      CREATE INDEX ix_campaigns_unfinished ON campaigns (created_at)
        WHERE status IN ('scheduled', 'running', 'paused') OR handed > 0 OR report_at IS NOT NULL;
      CREATE TRIGGER campaigns_move_along_their_table BEFORE UPDATE OF status ON campaigns FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('draft', 'scheduled'), ('draft', 'cancelled'),
          ('scheduled', 'running'), ('scheduled', 'cancelled'),
          ('running', 'paused'), ('running', 'done'), ('running', 'cancelled'),
          ('paused', 'running'), ('paused', 'cancelled')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE campaign_batches (
        id uuid CONSTRAINT pk_campaign_batches PRIMARY KEY,
        campaign_id uuid NOT NULL CONSTRAINT fk_campaign_batches_campaign REFERENCES campaigns (id),
        ordinal integer NOT NULL,
        provider varchar(40) NOT NULL,
        size integer NOT NULL,
        status varchar(10) NOT NULL DEFAULT 'sending',
        pack_id varchar(100),
        outcome_class varchar(20),
        code varchar(40),
        message varchar(300),
        cost numeric,
        cost_unit varchar(20),
        priced integer NOT NULL DEFAULT 0,
        finds integer NOT NULL DEFAULT 0,
        find_failures integer NOT NULL DEFAULT 0,
        find_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(),
        called_at timestamptz,
        answered_at timestamptz,
        CONSTRAINT uq_campaign_batches_ordinal UNIQUE (campaign_id, ordinal),
        CONSTRAINT ck_campaign_batches_status CHECK (status IN ('sending', 'unknown', 'accepted', 'refused', 'ambiguous', 'not_sent')),
        CONSTRAINT ck_campaign_batches_size CHECK (size > 0),
        CONSTRAINT ck_campaign_batches_answered CHECK ((status = 'sending') = (answered_at IS NULL)),
        CONSTRAINT ck_campaign_batches_find CHECK ((status = 'unknown') = (find_at IS NOT NULL)),
        CONSTRAINT ck_campaign_batches_refused CHECK ((status = 'refused') = (outcome_class IS NOT NULL)),
        CONSTRAINT ck_campaign_batches_cost CHECK ((cost IS NULL) = (cost_unit IS NULL))
      );
      CREATE UNIQUE INDEX uq_campaign_batches_one_sending ON campaign_batches (campaign_id) WHERE status = 'sending';
      CREATE INDEX ix_campaign_batches_lost ON campaign_batches (campaign_id, find_at) WHERE status = 'unknown';
      CREATE TRIGGER campaign_batches_move_along_their_table BEFORE UPDATE OF status ON campaign_batches FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('sending', 'unknown'), ('sending', 'accepted'), ('sending', 'refused'), ('sending', 'not_sent'),
          ('unknown', 'accepted'), ('unknown', 'ambiguous'), ('unknown', 'not_sent')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE campaign_recipients (
        campaign_id uuid NOT NULL CONSTRAINT fk_campaign_recipients_campaign REFERENCES campaigns (id),
        account_id uuid NOT NULL CONSTRAINT fk_campaign_recipients_account REFERENCES accounts (id),
        number bigint GENERATED ALWAYS AS IDENTITY (START WITH 400000000000000),
        recipient varchar(16),
        status varchar(10) NOT NULL DEFAULT 'pending',
        reason varchar(15),
        batch_id uuid CONSTRAINT fk_campaign_recipients_batch REFERENCES campaign_batches (id),
        provider_message_id varchar(100),
        delivery_code varchar(40),
        handed_at timestamptz,
        delivered_at timestamptz,
        CONSTRAINT pk_campaign_recipients PRIMARY KEY (campaign_id, account_id),
        CONSTRAINT uq_campaign_recipients_number UNIQUE (number),
        CONSTRAINT ck_campaign_recipients_status
          CHECK (status IN ('pending', 'handed', 'accepted', 'delivered', 'failed', 'ambiguous', 'suppressed')),
        CONSTRAINT ck_campaign_recipients_reason
          CHECK ((reason IS NOT NULL) = (status = 'suppressed')
            AND reason IN ('not_wanted', 'blacklisted', 'refused', 'number_repeated')),
        CONSTRAINT ck_campaign_recipients_batch CHECK (status <> 'handed' OR batch_id IS NOT NULL),
        CONSTRAINT ck_campaign_recipients_accepted
          CHECK ((status IN ('accepted', 'delivered', 'failed')) = (provider_message_id IS NOT NULL)),
        CONSTRAINT ck_campaign_recipients_delivered CHECK ((status = 'delivered') = (delivered_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX uq_campaign_recipients_recipient ON campaign_recipients (campaign_id, recipient)
        WHERE recipient IS NOT NULL;
      CREATE INDEX ix_campaign_recipients_pending ON campaign_recipients (campaign_id, number) WHERE status = 'pending';
      CREATE INDEX ix_campaign_recipients_batch ON campaign_recipients (batch_id) WHERE batch_id IS NOT NULL;
      CREATE INDEX ix_campaign_recipients_account ON campaign_recipients (account_id);
      CREATE TRIGGER campaign_recipients_move_along_their_table BEFORE UPDATE OF status ON campaign_recipients FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('pending', 'handed'), ('pending', 'suppressed'),
          ('handed', 'accepted'), ('handed', 'pending'), ('handed', 'ambiguous'), ('handed', 'suppressed'),
          ('accepted', 'delivered'), ('accepted', 'failed'), ('failed', 'delivered')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE campaign_suppressions (
        account_id uuid CONSTRAINT pk_campaign_suppressions PRIMARY KEY
          CONSTRAINT fk_campaign_suppressions_account REFERENCES accounts (id),
        recipient varchar(16) NOT NULL,
        provider varchar(40) NOT NULL,
        code varchar(40) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE campaign_suppressions, campaign_recipients, campaign_batches, campaigns');
  }
}
