import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { MEMBERS_AT_MOST } from './chat-limits';
import { ROOM } from './chat.events';

/** What holds at every instant for rooms and messages. */
export const CHAT_INVARIANTS: readonly Invariant[] = [
  // One pass over the primary key of the messages, grouped in its order, and one over the rooms.
  {
    invariant: 'messages-are-numbered',
    sentence:
      'The messages of a room are numbered up to its last number, and none is missing but the oldest.',
    violations: `
      SELECT r.id AS "roomId", r.last_seq AS "lastSeq", m.messages, m.oldest, m.newest
      FROM rooms r JOIN (
        SELECT room_id, count(*) AS messages, min(seq) AS oldest, max(seq) AS newest FROM messages GROUP BY room_id
      ) AS m ON m.room_id = r.id
      WHERE m.newest <> r.last_seq OR m.messages <> m.newest - m.oldest + 1`,
  },
  // One pass over the members, and one over the rooms.
  {
    invariant: 'rooms-have-their-members',
    sentence:
      'An active group has one owner, an active direct room has two people, other rooms have no owner, and none has more than 100 members.',
    violations: `
      SELECT r.id AS "roomId", r.kind, coalesce(m.members, 0) AS members, coalesce(m.owners, 0) AS owners
      FROM rooms r LEFT JOIN (
        SELECT room_id, count(*) AS people, count(*) FILTER (WHERE left_at IS NULL) AS members,
          count(*) FILTER (WHERE left_at IS NULL AND role = 'owner') AS owners
        FROM room_members GROUP BY room_id
      ) AS m ON m.room_id = r.id
      WHERE coalesce(m.members, 0) > ${MEMBERS_AT_MOST}
        OR r.kind = 'direct' AND r.state = 'active' AND coalesce(m.people, 0) <> 2
        OR r.kind = 'group' AND r.state = 'active' AND coalesce(m.owners, 0) <> 1
        OR r.kind <> 'group' AND coalesce(m.owners, 0) > 0`,
  },
  // One pass over the members, and rooms by hash.
  {
    invariant: 'nobody-has-read-the-future',
    sentence: 'Nobody has read or joined after the last message of a room.',
    violations: `
      SELECT m.room_id AS "roomId", m.account_id AS "accountId", m.last_read_seq AS "lastReadSeq", r.last_seq AS "lastSeq"
      FROM room_members m JOIN rooms r ON r.id = m.room_id
      WHERE m.last_read_seq > r.last_seq OR m.joined_seq > r.last_seq`,
  },
  // Erased accounts are few: their messages and memberships by index.
  {
    invariant: 'erased-people-say-nothing',
    sentence: 'Nobody who was erased is in a room or has a message with a text.',
    violations: `
      SELECT a.id AS "accountId", m.room_id AS "roomId", NULL::integer AS seq
      FROM accounts a JOIN room_members m ON m.account_id = a.id
      WHERE a.status = 'erased' AND m.left_at IS NULL
      UNION ALL
      SELECT a.id, m.room_id, m.seq FROM accounts a JOIN messages m ON m.sender_id = a.id
      WHERE a.status = 'erased' AND m.deleted_at IS NULL`,
  },
  // An index of the attachments of messages, and messages by hash.
  {
    invariant: 'deleted-messages-have-no-files',
    sentence: 'A deleted message has no files, and a file belongs to the sender of its message.',
    violations: `
      SELECT f.id AS "attachmentId", f.room_id AS "roomId", f.message_seq AS seq
      FROM attachments f JOIN messages m ON (m.room_id, m.seq) = (f.room_id, f.message_seq)
      WHERE m.deleted_at IS NOT NULL OR m.sender_id <> f.account_id`,
  },
  journalHasNoGaps(ROOM),
];
