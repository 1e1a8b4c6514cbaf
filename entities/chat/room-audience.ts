import type { EntityManager } from 'typeorm';

import { reachOf, STAFF_ROLES } from '../auth/policy';
import { assertThat } from '../errors';
import { jsonList, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import { refuseBlockedRoom } from './lock-people';
import type { Room } from './room';
import { requireRoom, type ChatReader } from './room-access';

/** Who hears of a room. */
export interface RoomAudience extends Pick<Room, 'id' | 'kind'> {
  /** The accounts of its members. */
  readonly members: readonly string[];
}

/** Roles whose people read the rooms of customers with the shop. */
const AGENT_ROLES = STAFF_ROLES.filter((role) => reachOf('chat.support', [role]) === 'any');

/** Whoever joined a support room as staff and no longer works for the shop is still a row, but hears nothing. */
const IS_HEARD = `(r.kind <> 'support' OR m.account_id = r.opened_by OR EXISTS (
  SELECT 1 FROM account_roles a WHERE a.account_id = m.account_id AND a.role = ANY ($2::text[])))`;

const READ = statement<RoomAudience>(
  `SELECT r.id, r.kind, (
     SELECT coalesce(json_agg(m.account_id), '[]') FROM room_members m
     WHERE m.room_id = r.id AND m.left_at IS NULL AND ${IS_HEARD}) AS members
   FROM rooms r WHERE r.id = ANY ($1::uuid[])`,
  { id: uuid, kind: text, members: jsonList(uuid) },
);

/** Who hears of these rooms now, in one statement. */
export function readRoomAudiences(
  manager: EntityManager,
  roomIds: readonly string[],
): Promise<RoomAudience[]> {
  return rows(manager, READ, [roomIds, AGENT_ROLES]);
}

/**
 * Demands that somebody may write in a room now, for what is told without being written: that they type, that they are there.
 *
 * @throws AppError `chat.room_not_found`, also for staff who have not joined, `chat.room_archived`, `chat.blocked`
 */
export async function requireWriter(
  manager: EntityManager,
  reader: ChatReader,
  roomId: string,
): Promise<void> {
  const room = await requireRoom(manager, reader, roomId);
  assertThat(room.role !== null, 'chat.room_not_found');
  assertThat(room.state === 'active', 'chat.room_archived');
  await refuseBlockedRoom(manager, room, reader.accountId);
}

/** {@link requireWriter} for several rooms. */
const WRITABLE = statement<{ id: string }>(
  `SELECT r.id FROM room_members m JOIN rooms r ON r.id = m.room_id
   WHERE m.account_id = $3 AND m.left_at IS NULL AND r.id = ANY ($1::uuid[]) AND r.state = 'active' AND ${IS_HEARD}
     AND NOT (r.kind = 'direct' AND EXISTS (
       SELECT 1 FROM room_members o JOIN blocks b
         ON b.account_id = o.account_id AND b.blocked_id = $3 OR b.account_id = $3 AND b.blocked_id = o.account_id
       WHERE o.room_id = r.id))`,
  { id: uuid },
);

/** Those of the rooms in which somebody may write now, in one statement. */
export async function readWritableRooms(
  manager: EntityManager,
  accountId: string,
  roomIds: readonly string[],
): Promise<string[]> {
  return (await rows(manager, WRITABLE, [roomIds, AGENT_ROLES, accountId])).map(({ id }) => id);
}
