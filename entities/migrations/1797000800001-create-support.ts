import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets of customers, and the clocks by which they are answered (docs/support.md). */
export class CreateSupport1797000800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SEQUENCE ticket_numbers AS integer MAXVALUE 99999999;

      CREATE TABLE tickets (
        id uuid CONSTRAINT pk_tickets PRIMARY KEY,
        number varchar(10) NOT NULL,
        customer_id uuid NOT NULL CONSTRAINT fk_tickets_customer REFERENCES accounts (id),
        category varchar(15) NOT NULL,
        subject varchar(120) NOT NULL,
        status varchar(16) NOT NULL DEFAULT 'open',
        follows_id uuid CONSTRAINT fk_tickets_follows REFERENCES tickets (id),
        last_seq integer NOT NULL DEFAULT 0,
        resolutions integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        resolved_at timestamptz,
        closed_at timestamptz,
        CONSTRAINT uq_tickets_number UNIQUE (number),
        CONSTRAINT uq_tickets_follows UNIQUE (follows_id),
        CONSTRAINT ck_tickets_number CHECK (number ~ '^TK[0-9]{8}$'),
        CONSTRAINT ck_tickets_category
          CHECK (category IN ('technical', 'billing', 'general', 'complaint', 'feature_request')),
        CONSTRAINT ck_tickets_status
          CHECK (status IN ('open', 'in_progress', 'pending_customer', 'pending_agent', 'resolved', 'closed')),
        CONSTRAINT ck_tickets_resolved
          CHECK ((status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL) AND (status = 'closed') = (closed_at IS NOT NULL))
      );
      CREATE INDEX ix_tickets_customer ON tickets (customer_id, number);
      CREATE INDEX ix_tickets_waiting ON tickets (number) WHERE status <> 'closed';

      CREATE TABLE ticket_desks (
        id uuid CONSTRAINT pk_ticket_desks PRIMARY KEY CONSTRAINT fk_ticket_desks_ticket REFERENCES tickets (id),
        priority varchar(6) NOT NULL,
        assignee_id uuid CONSTRAINT fk_ticket_desks_assignee REFERENCES accounts (id),
        last_note_seq integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_ticket_desks_priority CHECK (priority IN ('low', 'medium', 'high', 'urgent'))
      );
      CREATE INDEX ix_ticket_desks_assignee ON ticket_desks (assignee_id) WHERE assignee_id IS NOT NULL;

      CREATE TABLE ticket_messages (
        ticket_id uuid NOT NULL CONSTRAINT fk_ticket_messages_ticket REFERENCES tickets (id),
        kind varchar(6) NOT NULL,
        seq integer NOT NULL,
        sender_id uuid NOT NULL CONSTRAINT fk_ticket_messages_sender REFERENCES accounts (id),
        is_from_customer boolean NOT NULL,
        client_id uuid NOT NULL,
        request_digest varchar(64),
        text varchar(4000) NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_ticket_messages PRIMARY KEY (ticket_id, kind, seq),
        CONSTRAINT uq_ticket_messages_client UNIQUE (sender_id, ticket_id, client_id),
        CONSTRAINT ck_ticket_messages_kind CHECK (kind IN ('answer', 'note')),
        CONSTRAINT ck_ticket_messages_note CHECK (kind = 'answer' OR NOT is_from_customer),
        CONSTRAINT ck_ticket_messages_seq CHECK (seq > 0),
        CONSTRAINT ck_ticket_messages_erased CHECK (text <> '' OR request_digest IS NULL)
      );

      CREATE TABLE ticket_ratings (
        ticket_id uuid NOT NULL CONSTRAINT fk_ticket_ratings_ticket REFERENCES tickets (id),
        resolution integer NOT NULL,
        score smallint NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_ticket_ratings PRIMARY KEY (ticket_id, resolution),
        CONSTRAINT ck_ticket_ratings_score CHECK (score BETWEEN 1 AND 5),
        CONSTRAINT ck_ticket_ratings_resolution CHECK (resolution > 0)
      );

      CREATE TABLE sla_clocks (
        ticket_id uuid NOT NULL CONSTRAINT fk_sla_clocks_ticket REFERENCES tickets (id),
        kind varchar(14) NOT NULL,
        round integer NOT NULL,
        target_minutes integer NOT NULL,
        used_ms bigint NOT NULL,
        running_since timestamptz,
        warn_at timestamptz,
        due_at timestamptz,
        warned_at timestamptz,
        breached_at timestamptz,
        escalate_at timestamptz,
        escalated_at timestamptz,
        met_at timestamptz,
        CONSTRAINT pk_sla_clocks PRIMARY KEY (ticket_id, kind, round),
        CONSTRAINT ck_sla_clocks_kind CHECK (kind IN ('first_response', 'next_response', 'resolution')),
        CONSTRAINT ck_sla_clocks_round CHECK (round = 1 OR round > 1 AND kind = 'next_response'),
        CONSTRAINT ck_sla_clocks_target CHECK (target_minutes BETWEEN 1 AND 10080),
        CONSTRAINT ck_sla_clocks_used CHECK (used_ms >= 0),
        CONSTRAINT ck_sla_clocks_running
          CHECK ((running_since IS NULL) = (due_at IS NULL) AND (running_since IS NULL) = (warn_at IS NULL)),
        CONSTRAINT ck_sla_clocks_met CHECK (met_at IS NULL OR running_since IS NULL),
        CONSTRAINT ck_sla_clocks_escalated CHECK (breached_at IS NOT NULL OR escalate_at IS NULL AND escalated_at IS NULL)
      );

      CREATE TABLE sla_targets (
        priority varchar(6) CONSTRAINT pk_sla_targets PRIMARY KEY,
        first_response_minutes integer NOT NULL,
        next_response_minutes integer NOT NULL,
        resolution_minutes integer NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT ck_sla_targets_priority CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
        CONSTRAINT ck_sla_targets_minutes
          CHECK (least(first_response_minutes, next_response_minutes, resolution_minutes) >= 1
            AND greatest(first_response_minutes, next_response_minutes, resolution_minutes) <= 10080)
      );
      INSERT INTO sla_targets (priority, first_response_minutes, next_response_minutes, resolution_minutes) VALUES
        ('low', 960, 960, 4800), ('medium', 480, 480, 2400), ('high', 120, 240, 960), ('urgent', 30, 60, 240);

      CREATE TABLE canned_answers (
        team varchar(9) NOT NULL,
        code varchar(40) NOT NULL,
        text_fa varchar(2000) NOT NULL,
        text_en varchar(2000) NOT NULL,
        variables varchar(40)[] NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT pk_canned_answers PRIMARY KEY (team, code),
        CONSTRAINT ck_canned_answers_team CHECK (team IN ('technical', 'billing', 'general')),
        CONSTRAINT ck_canned_answers_code CHECK (code ~ '^[a-z][a-z0-9-]*$')
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE canned_answers, sla_targets, sla_clocks, ticket_ratings, ticket_messages, ticket_desks, tickets;
      DROP SEQUENCE ticket_numbers;
    `);
  }
}
