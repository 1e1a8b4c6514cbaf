import type { EntityManager } from 'typeorm';

import { mayDo } from '../auth/holders';
import { assertThat } from '../errors';
import { integer, jsonList, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import { refuseBlockedRoom } from './lock-people';
import type { Room } from './room';
import { readsAsStaff, requireRoom, type ChatReader } from './room-access';

/** Who hears of a room. */
export interface RoomAudience extends Pick<Room, 'id' | 'kind' | 'history' | 'openedBy'> {
  /** The accounts of its members. In a support room those who have joined as staff are there only while they work for the shop. */
  readonly members: readonly string[];
  /** Messages up to this number cannot be read by all of its members. */
  readonly floor: number;
}

const READ = statement<RoomAudience>(
  `SELECT r.id, r.kind, r.history, r.opened_by AS "openedBy", (
     SELECT coalesce(json_agg(m.account_id), '[]') FROM room_members m
     WHERE m.room_id = r.id AND m.left_at IS NULL
       AND (r.kind <> 'support' OR m.account_id = r.opened_by
         OR ${mayDo('chat.support', 'm.account_id')})) AS members,
     CASE WHEN r.history = 'all' THEN 0 ELSE (
       SELECT coalesce(max(m.joined_seq), 0) FROM room_members m WHERE m.room_id = r.id AND m.left_at IS NULL) END AS floor
   FROM rooms r WHERE r.id = ANY ($1::uuid[])`,
  { id: uuid, kind: text, history: text, openedBy: uuid, members: jsonList(uuid), floor: integer },
);

/** Who hears of these rooms now, in one statement. */
export function readRoomAudiences(
  manager: EntityManager,
  roomIds: readonly string[],
): Promise<RoomAudience[]> {
  return rows(manager, READ, [roomIds]);
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

/** Members of a room `r` of whom one has blocked the account `$2`, or is blocked by it. */
const APART = `SELECT o.account_id FROM room_members o JOIN blocks b
    ON b.account_id = o.account_id AND b.blocked_id = $2 OR b.account_id = $2 AND b.blocked_id = o.account_id
  WHERE o.room_id = r.id AND o.left_at IS NULL`;

/** A room in which somebody may write. */
export interface WritableRoom {
  readonly id: string;
  /** Members who have blocked them or are blocked by them, and do not learn whether they are there. */
  readonly apart: readonly string[];
}

/** {@link requireWriter} for several rooms. */
const WRITABLE = statement<WritableRoom>(
  `SELECT r.id, (SELECT coalesce(json_agg(DISTINCT a.account_id), '[]') FROM (${APART}) AS a) AS apart
   FROM room_members m JOIN rooms r ON r.id = m.room_id
   WHERE m.account_id = $2 AND m.left_at IS NULL AND r.id = ANY ($1::uuid[]) AND r.state = 'active'
     AND (r.kind <> 'support' OR r.opened_by = $2 OR $3::boolean)
     AND NOT (r.kind = 'direct' AND EXISTS (${APART}))`,
  { id: uuid, apart: jsonList(uuid) },
);

/** Those of the rooms in which somebody may write now, in one statement. */
export function readWritableRooms(
  manager: EntityManager,
  { accountId, roles }: ChatReader,
  roomIds: readonly string[],
): Promise<WritableRoom[]> {
  return rows(manager, WRITABLE, [roomIds, accountId, readsAsStaff(roles, 'support')]);
}

const KEPT_APART = statement<{ accountId: string }>(
  `SELECT DISTINCT a.account_id AS "accountId" FROM rooms r CROSS JOIN LATERAL (${APART}) AS a WHERE r.id = $1`,
  { accountId: uuid },
);

/** Members of a room who have blocked somebody, or are blocked by them: neither learns whether the other is there. */
export async function readKeptApart(
  manager: EntityManager,
  roomId: string,
  accountId: string,
): Promise<ReadonlySet<string>> {
  return new Set((await rows(manager, KEPT_APART, [roomId, accountId])).map((found) => found.accountId));
}
