import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rooms in which people write to each other, and what keeps that civil (docs/chat.md). */
export class CreateChat1797000100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rooms (
        id uuid CONSTRAINT pk_rooms PRIMARY KEY,
        kind varchar(8) NOT NULL,
        direct_key varchar(73),
        state varchar(8) NOT NULL DEFAULT 'active',
        title varchar(80),
        history varchar(13) NOT NULL DEFAULT 'all',
        opened_by uuid NOT NULL CONSTRAINT fk_rooms_opener REFERENCES accounts (id),
        last_seq integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        active_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
        archived_at timestamptz,
        CONSTRAINT ck_rooms_kind CHECK (kind IN ('direct', 'group', 'support', 'shop')),
        CONSTRAINT ck_rooms_state CHECK (state IN ('active', 'archived')),
        CONSTRAINT ck_rooms_archived CHECK ((state = 'archived') = (archived_at IS NOT NULL)),
        CONSTRAINT ck_rooms_history CHECK (history IN ('all', 'since_joining')),
        CONSTRAINT ck_rooms_direct CHECK ((kind = 'direct') = (direct_key IS NOT NULL)),
        CONSTRAINT ck_rooms_title CHECK ((kind IN ('group', 'shop')) = (title IS NOT NULL)),
        CONSTRAINT uq_rooms_direct UNIQUE (direct_key)
      );
      CREATE UNIQUE INDEX uq_rooms_support ON rooms (opened_by) WHERE kind = 'support' AND state = 'active';
      CREATE INDEX ix_rooms_opener ON rooms (opened_by);
      CREATE INDEX ix_rooms_shop ON rooms (id) WHERE kind = 'shop' AND state = 'active';
      CREATE INDEX ix_rooms_archived ON rooms (archived_at) WHERE archived_at IS NOT NULL;

      CREATE TABLE room_members (
        room_id uuid NOT NULL CONSTRAINT fk_room_members_room REFERENCES rooms (id),
        account_id uuid NOT NULL CONSTRAINT fk_room_members_account REFERENCES accounts (id),
        role varchar(9) NOT NULL,
        joined_seq integer NOT NULL,
        joined_at timestamptz NOT NULL DEFAULT now(),
        left_at timestamptz,
        left_reason varchar(7),
        last_read_seq integer NOT NULL,
        CONSTRAINT pk_room_members PRIMARY KEY (room_id, account_id),
        CONSTRAINT ck_room_members_role CHECK (role IN ('owner', 'moderator', 'member')),
        CONSTRAINT ck_room_members_left
          CHECK ((left_at IS NULL) = (left_reason IS NULL) AND left_reason IN ('left', 'removed', 'erased')),
        CONSTRAINT ck_room_members_seq CHECK (joined_seq >= 0 AND last_read_seq >= 0)
      );
      CREATE UNIQUE INDEX uq_room_members_owner ON room_members (room_id) WHERE role = 'owner' AND left_at IS NULL;
      CREATE INDEX ix_room_members_account ON room_members (account_id);

      CREATE TABLE messages (
        room_id uuid NOT NULL CONSTRAINT fk_messages_room REFERENCES rooms (id),
        seq integer NOT NULL,
        id uuid NOT NULL,
        sender_id uuid NOT NULL CONSTRAINT fk_messages_sender REFERENCES accounts (id),
        client_id uuid NOT NULL,
        request_digest varchar(64),
        text varchar(4000) NOT NULL,
        folded text NOT NULL GENERATED ALWAYS AS (persian_text(text)) STORED,
        reply_to_seq integer,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        edited_at timestamptz,
        deleted_at timestamptz,
        CONSTRAINT pk_messages PRIMARY KEY (room_id, seq),
        CONSTRAINT uq_messages_client UNIQUE (sender_id, room_id, client_id),
        CONSTRAINT fk_messages_reply FOREIGN KEY (room_id, reply_to_seq) REFERENCES messages (room_id, seq)
          ON DELETE SET NULL (reply_to_seq),
        CONSTRAINT ck_messages_seq CHECK (seq > 0 AND reply_to_seq < seq),
        CONSTRAINT ck_messages_deleted CHECK (deleted_at IS NULL OR text = '' AND request_digest IS NULL)
      );
      CREATE INDEX ix_messages_reply ON messages (room_id, reply_to_seq) WHERE reply_to_seq IS NOT NULL;
      CREATE INDEX ix_messages_folded ON messages USING gin (folded gin_trgm_ops);

      CREATE TABLE attachments (
        id uuid CONSTRAINT pk_attachments PRIMARY KEY,
        room_id uuid NOT NULL CONSTRAINT fk_attachments_room REFERENCES rooms (id),
        account_id uuid NOT NULL CONSTRAINT fk_attachments_account REFERENCES accounts (id),
        status varchar(7) NOT NULL DEFAULT 'pending',
        failure varchar(12),
        name varchar(150) NOT NULL,
        type varchar(50) NOT NULL,
        bytes integer NOT NULL,
        object_key varchar(200) NOT NULL,
        upload_expires_at timestamptz NOT NULL,
        message_seq integer,
        place smallint,
        created_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT fk_attachments_message FOREIGN KEY (room_id, message_seq) REFERENCES messages (room_id, seq),
        CONSTRAINT ck_attachments_status CHECK (status IN ('pending', 'ready', 'failed', 'removed')),
        CONSTRAINT ck_attachments_failure CHECK ((status = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT ck_attachments_message
          CHECK ((message_seq IS NULL) = (place IS NULL) AND (message_seq IS NULL OR status = 'ready')),
        CONSTRAINT ck_attachments_bytes CHECK (bytes BETWEEN 1 AND 26214400)
      );
      CREATE INDEX ix_attachments_account ON attachments (account_id, created_at);
      CREATE INDEX ix_attachments_message ON attachments (room_id, message_seq) WHERE message_seq IS NOT NULL;
      CREATE INDEX ix_attachments_unnamed ON attachments (changed_at) WHERE message_seq IS NULL;

      CREATE TABLE blocks (
        account_id uuid NOT NULL CONSTRAINT fk_blocks_account REFERENCES accounts (id),
        blocked_id uuid NOT NULL CONSTRAINT fk_blocks_blocked REFERENCES accounts (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_blocks PRIMARY KEY (account_id, blocked_id),
        CONSTRAINT ck_blocks_other CHECK (account_id <> blocked_id)
      );
      CREATE INDEX ix_blocks_blocked ON blocks (blocked_id);

      CREATE TABLE reports (
        id uuid CONSTRAINT pk_reports PRIMARY KEY,
        room_id uuid NOT NULL,
        seq integer NOT NULL,
        account_id uuid NOT NULL CONSTRAINT fk_reports_account REFERENCES accounts (id),
        reason varchar(10) NOT NULL,
        note varchar(500) NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        resolution varchar(15),
        resolved_by uuid CONSTRAINT fk_reports_resolver REFERENCES accounts (id),
        resolved_at timestamptz,
        CONSTRAINT fk_reports_message FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq) ON DELETE CASCADE,
        CONSTRAINT uq_reports_once UNIQUE (room_id, seq, account_id),
        CONSTRAINT ck_reports_reason CHECK (reason IN ('spam', 'abuse', 'fraud', 'other')),
        CONSTRAINT ck_reports_resolved
          CHECK ((resolution IS NULL) = (resolved_at IS NULL) AND (resolution IS NULL) = (resolved_by IS NULL)
            AND resolution IN ('dismissed', 'message_deleted', 'room_archived'))
      );
      CREATE INDEX ix_reports_account ON reports (account_id);
      CREATE INDEX ix_reports_resolver ON reports (resolved_by);
      CREATE INDEX ix_reports_open ON reports (id) WHERE resolution IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reports, blocks, attachments, messages, room_members, rooms');
  }
}
