import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages by SMS: templates, messages, sends, providers' reports, and circuit breakers that all workers share. */
export class CreateSms1795742603226 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(String.raw`
      CREATE TABLE sms_templates (
        key varchar(60) NOT NULL,
        language varchar(2) NOT NULL,
        kind varchar(10) NOT NULL,
        text varchar(900) NOT NULL,
        variables jsonb NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT pk_sms_templates PRIMARY KEY (key, language),
        CONSTRAINT ck_sms_templates_language CHECK (language IN ('fa', 'en')),
        CONSTRAINT ck_sms_templates_kind CHECK (kind IN ('code', 'notice')),
        CONSTRAINT ck_sms_templates_text CHECK (text <> '')
      );

      CREATE TABLE sms_template_bindings (
        template varchar(60) NOT NULL,
        language varchar(2) NOT NULL,
        provider varchar(40) NOT NULL,
        name varchar(100) NOT NULL,
        parameters jsonb NOT NULL,
        CONSTRAINT pk_sms_template_bindings PRIMARY KEY (template, language, provider),
        CONSTRAINT fk_sms_template_bindings_template FOREIGN KEY (template, language)
          REFERENCES sms_templates (key, language)
      );

      CREATE TABLE sms_messages (
        id uuid CONSTRAINT pk_sms_messages PRIMARY KEY,
        kind varchar(10) NOT NULL,
        template varchar(60) NOT NULL,
        language varchar(2) NOT NULL,
        recipient varchar(16) NOT NULL,
        variables jsonb,
        status varchar(20) NOT NULL,
        avoid jsonb NOT NULL,
        expires_at timestamptz,
        requested_by varchar(60) NOT NULL,
        request_digest varchar(64) NOT NULL,
        failure_code varchar(80),
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        woken_at timestamptz,
        wakes integer NOT NULL DEFAULT 0,
        CONSTRAINT uq_sms_messages_kind UNIQUE (id, kind),
        CONSTRAINT fk_sms_messages_template FOREIGN KEY (template, language) REFERENCES sms_templates (key, language),
        CONSTRAINT ck_sms_messages_kind CHECK (kind IN ('code', 'notice')),
        CONSTRAINT ck_sms_messages_status CHECK (status IN ('queued', 'sending', 'ambiguous', 'accepted', 'delivered',
          'undelivered', 'unconfirmed', 'refused', 'failed', 'cancelled')),
        CONSTRAINT ck_sms_messages_recipient CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$'),
        CONSTRAINT ck_sms_messages_lifetime CHECK ((kind = 'code') = (expires_at IS NOT NULL)),
        CONSTRAINT ck_sms_messages_ambiguous CHECK (kind = 'notice' OR status <> 'ambiguous'),
        CONSTRAINT ck_sms_messages_finished
          CHECK ((finished_at IS NOT NULL) = (status NOT IN ('queued', 'sending', 'ambiguous', 'accepted'))),
        CONSTRAINT ck_sms_messages_erased CHECK (kind = 'notice' OR finished_at IS NULL OR variables IS NULL)
      );
      CREATE INDEX ix_sms_messages_unfinished ON sms_messages (created_at) WHERE finished_at IS NULL;
      CREATE INDEX ix_sms_messages_recipient ON sms_messages (recipient, created_at);
      CREATE INDEX ix_sms_messages_codes ON sms_messages (expires_at) WHERE kind = 'code' AND variables IS NOT NULL;
      CREATE TRIGGER sms_messages_move_along_their_table BEFORE UPDATE OF status ON sms_messages FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('queued', 'sending'), ('queued', 'accepted'), ('queued', 'delivered'), ('queued', 'undelivered'), ('queued', 'unconfirmed'),
          ('queued', 'failed'), ('queued', 'cancelled'),
          ('sending', 'queued'), ('sending', 'ambiguous'), ('sending', 'accepted'), ('sending', 'delivered'),
          ('sending', 'undelivered'), ('sending', 'unconfirmed'), ('sending', 'refused'), ('sending', 'failed'),
          ('sending', 'cancelled'),
          ('ambiguous', 'queued'), ('ambiguous', 'accepted'), ('ambiguous', 'unconfirmed'),
          ('accepted', 'queued'), ('accepted', 'delivered'), ('accepted', 'undelivered'), ('accepted', 'unconfirmed'),
          ('accepted', 'failed'),
          ('undelivered', 'delivered'), ('undelivered', 'failed'),
          ('unconfirmed', 'delivered'), ('unconfirmed', 'undelivered'),
          ('unconfirmed', 'failed'), ('refused', 'delivered'), ('failed', 'delivered')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE sms_attempts (
        id uuid CONSTRAINT pk_sms_attempts PRIMARY KEY,
        message_id uuid NOT NULL,
        kind varchar(10) NOT NULL,
        ordinal integer NOT NULL,
        number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        provider varchar(40) NOT NULL,
        operation varchar(10) NOT NULL,
        status varchar(20) NOT NULL,
        outcome_class varchar(20),
        code varchar(40),
        message varchar(300),
        provider_message_id varchar(100),
        cost numeric,
        cost_unit varchar(20),
        latency_ms integer,
        is_probe boolean NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        called_at timestamptz,
        answered_at timestamptz,
        delivery varchar(20),
        delivery_code varchar(40),
        delivered_at timestamptz,
        reported_at timestamptz,
        CONSTRAINT uq_sms_attempts_ordinal UNIQUE (message_id, ordinal),
        CONSTRAINT uq_sms_attempts_number UNIQUE (number),
        CONSTRAINT uq_sms_attempts_provider_message UNIQUE (provider, provider_message_id),
        CONSTRAINT fk_sms_attempts_message FOREIGN KEY (message_id, kind) REFERENCES sms_messages (id, kind),
        CONSTRAINT ck_sms_attempts_status
          CHECK (status IN ('sending', 'accepted', 'refused', 'unknown', 'not_sent', 'abandoned')),
        CONSTRAINT ck_sms_attempts_operation CHECK (operation IN ('template', 'text')),
        CONSTRAINT ck_sms_attempts_accepted CHECK ((status = 'accepted') = (provider_message_id IS NOT NULL)),
        CONSTRAINT ck_sms_attempts_answered CHECK ((status = 'sending') = (answered_at IS NULL)),
        CONSTRAINT ck_sms_attempts_refused CHECK ((status = 'refused') = (outcome_class IS NOT NULL)),
        CONSTRAINT ck_sms_attempts_cost CHECK ((cost IS NULL) = (cost_unit IS NULL)),
        CONSTRAINT ck_sms_attempts_delivery CHECK (delivery IN ('pending', 'undelivered', 'delivered', 'failed')),
        CONSTRAINT ck_sms_attempts_reported CHECK (delivery IS NULL OR status = 'accepted'),
        CONSTRAINT ck_sms_attempts_delivered
          CHECK ((delivered_at IS NOT NULL) = (coalesce(delivery, '') = 'delivered'))
      );
      CREATE UNIQUE INDEX uq_sms_attempts_one_sending ON sms_attempts (message_id) WHERE status = 'sending';
      CREATE UNIQUE INDEX uq_sms_attempts_notice_once ON sms_attempts (message_id)
        WHERE kind = 'notice' AND status IN ('sending', 'accepted', 'unknown') AND coalesce(delivery, '') <> 'failed';
      CREATE TRIGGER sms_attempts_move_along_their_table BEFORE UPDATE OF status ON sms_attempts FOR EACH ROW
        WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
          ('sending', 'accepted'), ('sending', 'refused'), ('sending', 'unknown'),
          ('unknown', 'accepted'), ('unknown', 'not_sent'), ('unknown', 'abandoned')))
        EXECUTE FUNCTION refuse_status_move();

      CREATE TABLE sms_reports (
        id uuid CONSTRAINT pk_sms_reports PRIMARY KEY,
        message_id uuid NOT NULL CONSTRAINT fk_sms_reports_message REFERENCES sms_messages (id),
        attempt_id uuid NOT NULL CONSTRAINT fk_sms_reports_attempt REFERENCES sms_attempts (id),
        provider varchar(40) NOT NULL,
        url varchar(1000) NOT NULL,
        fields jsonb,
        signature varchar(200),
        received_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz,
        verdict varchar(20),
        CONSTRAINT ck_sms_reports_verdict CHECK (verdict IN ('genuine', 'forged', 'foreign')),
        CONSTRAINT ck_sms_reports_processed CHECK ((processed_at IS NULL) = (verdict IS NULL)),
        CONSTRAINT ck_sms_reports_erased CHECK ((processed_at IS NULL) = (fields IS NOT NULL))
      );
      CREATE INDEX ix_sms_reports_message ON sms_reports (message_id);
      CREATE INDEX ix_sms_reports_unprocessed ON sms_reports (received_at) WHERE processed_at IS NULL;

      CREATE TABLE sms_breakers (
        provider varchar(40) NOT NULL,
        operation varchar(10) NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'closed',
        failures integer NOT NULL DEFAULT 0,
        window_began_at timestamptz NOT NULL DEFAULT now(),
        window_calls integer NOT NULL DEFAULT 0,
        window_failures integer NOT NULL DEFAULT 0,
        openings integer NOT NULL DEFAULT 0,
        open_until timestamptz,
        good_probes integer NOT NULL DEFAULT 0,
        probe_attempt_id uuid,
        probe_until timestamptz,
        reason varchar(80),
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_sms_breakers PRIMARY KEY (provider, operation),
        CONSTRAINT ck_sms_breakers_operation CHECK (operation IN ('template', 'text')),
        CONSTRAINT ck_sms_breakers_status CHECK (status IN ('closed', 'open', 'half_open')),
        CONSTRAINT ck_sms_breakers_open CHECK ((status = 'closed') = (open_until IS NULL)),
        CONSTRAINT ck_sms_breakers_probe CHECK ((probe_attempt_id IS NULL) = (probe_until IS NULL)
          AND (status = 'half_open' OR probe_attempt_id IS NULL))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sms_breakers;
      DROP TABLE sms_reports;
      DROP TABLE sms_attempts;
      DROP TABLE sms_messages;
      DROP TABLE sms_template_bindings;
      DROP TABLE sms_templates;
    `);
  }
}
