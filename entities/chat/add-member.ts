import { assertThat } from '../errors';
import { boolean, integer, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { BROUGHT_BY_ONE_AT_MOST, MEMBERS_AT_MOST, ROOMS_AT_MOST } from './chat-limits';
import type { MemberRole } from './room-member';

interface Counts {
  readonly members: number;
  /** Whether this person comes by themselves: they open the room, or it is one that people join. */
  readonly isOwn: boolean;
  /** The other active rooms that they came into in the same way. */
  readonly rooms: number;
  /** Those of them that the same person has opened. */
  readonly ofOpener: number;
}

/** Rooms of people whom somebody has blocked count for nothing, so that nobody can fill what others bring them into. */
const COUNT = statement<Counts>(
  `WITH room AS (SELECT opened_by, opened_by = $2 OR kind IN ('support', 'shop') AS is_own FROM rooms WHERE id = $1)
   SELECT (SELECT count(*) FROM room_members WHERE room_id = $1 AND left_at IS NULL AND account_id <> $2) AS members,
     room.is_own AS "isOwn", count(o.id) AS rooms, count(o.id) FILTER (WHERE o.opened_by = room.opened_by) AS "ofOpener"
   FROM room LEFT JOIN (
     SELECT r.id, r.opened_by, r.opened_by = $2 OR r.kind IN ('support', 'shop') AS is_own
     FROM room_members m JOIN rooms r ON r.id = m.room_id
     WHERE m.account_id = $2 AND m.left_at IS NULL AND r.state = 'active' AND r.id <> $1
       AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $2 AND b.blocked_id = r.opened_by)
   ) AS o ON o.is_own = room.is_own
   GROUP BY room.is_own`,
  { members: integer, isOwn: boolean, rooms: integer, ofOpener: integer },
);

/** What was written before somebody came is not unread. */
const ADD = statement<{ accountId: string }>(
  `INSERT INTO room_members AS m (room_id, account_id, role, joined_seq, last_read_seq)
   SELECT id, $2, $3, last_seq, last_seq FROM rooms WHERE id = $1
   ON CONFLICT (room_id, account_id) DO UPDATE SET role = EXCLUDED.role, joined_seq = EXCLUDED.joined_seq,
     joined_at = now(), left_at = NULL, left_reason = NULL,
     last_read_seq = greatest(m.last_read_seq, EXCLUDED.last_read_seq)
   WHERE m.left_at IS NOT NULL
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/** Somebody who becomes a member of a room that is locked or new. */
export interface NewMember {
  readonly roomId: string;
  readonly accountId: string;
  readonly role: MemberRole;
}

/**
 * Makes somebody a member. Of somebody who is one already, nothing changes. The active rooms that people open and join are bounded
 * apart from those that others bring them into.
 *
 * @returns whether they are new
 * @throws AppError `chat.room_full`, `chat.rooms_too_many`
 */
export async function addMember(
  transaction: Transaction,
  { roomId, accountId, role }: NewMember,
): Promise<boolean> {
  const { members, isOwn, rooms, ofOpener } = (await row(transaction, COUNT, [roomId, accountId]))!;
  assertThat(members < MEMBERS_AT_MOST, 'chat.room_full', { limit: MEMBERS_AT_MOST });
  assertThat(rooms < ROOMS_AT_MOST, 'chat.rooms_too_many', { limit: ROOMS_AT_MOST });
  const limit = BROUGHT_BY_ONE_AT_MOST;
  assertThat(isOwn || ofOpener < limit, 'chat.rooms_too_many', { limit });
  return (await row(transaction, ADD, [roomId, accountId, role])) !== undefined;
}
