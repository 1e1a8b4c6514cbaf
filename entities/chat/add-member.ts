import { assertThat } from '../errors';
import { integer, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { MEMBERS_AT_MOST, ROOMS_AT_MOST } from './chat-limits';
import type { MemberRole } from './room-member';

const COUNT = statement<{ members: number; rooms: number }>(
  `SELECT (SELECT count(*) FROM room_members WHERE room_id = $1 AND left_at IS NULL AND account_id <> $2) AS members,
     (SELECT count(*) FROM room_members WHERE account_id = $2 AND left_at IS NULL AND room_id <> $1) AS rooms`,
  { members: integer, rooms: integer },
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
 * Makes somebody a member. Of somebody who is one already, nothing changes.
 *
 * @returns whether they are new
 * @throws AppError `chat.room_full`, `chat.rooms_too_many`
 */
export async function addMember(
  transaction: Transaction,
  { roomId, accountId, role }: NewMember,
): Promise<boolean> {
  const { members, rooms } = (await row(transaction, COUNT, [roomId, accountId]))!;
  assertThat(members < MEMBERS_AT_MOST, 'chat.room_full', { limit: MEMBERS_AT_MOST });
  assertThat(rooms < ROOMS_AT_MOST, 'chat.rooms_too_many', { limit: ROOMS_AT_MOST });
  return (await row(transaction, ADD, [roomId, accountId, role])) !== undefined;
}
