import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { ROOM } from './chat.events';
import type { RoomHistory } from './room';
import { auditModeration, lockActiveRoom, lockRoom, type ChatActor } from './room-access';

const CHANGE = statement<{ id: string }>(
  `UPDATE rooms SET title = coalesce($2, title), history = coalesce($3, history)
   WHERE id = $1 AND (title, history) IS DISTINCT FROM (coalesce($2, title), coalesce($3, history)) RETURNING id`,
  { id: uuid },
);

/** What of a room is to be different. */
export interface RoomChange {
  readonly roomId: string;
  readonly title?: string | undefined;
  /** It counts for everybody at once, by when they joined. */
  readonly history?: RoomHistory | undefined;
}

/**
 * Changes the title of a group or a room of the shop, or what its new members can read.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.room_kind`, `chat.not_permitted`
 */
export async function changeRoom(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, title, history }: RoomChange,
): Promise<void> {
  const room = await lockActiveRoom(transaction, actor, roomId);
  assertThat(room.kind === 'group' || room.kind === 'shop', 'chat.room_kind');
  assertThat(room.moderates, 'chat.not_permitted');
  if (!(await row(transaction, CHANGE, [roomId, title ?? null, history ?? null]))) return;
  await recordEvents(transaction, ROOM, roomId, { type: 'room.changed', payload: {} });
  await auditModeration(transaction, actor, room, { did: 'change' });
}

/**
 * Archives a room for good. The owner of a group does, and staff of the shop's own rooms. A repetition changes nothing.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_kind`, `chat.not_permitted`
 */
export async function archiveRoom(
  transaction: Transaction,
  actor: ChatActor,
  { roomId }: { readonly roomId: string },
): Promise<void> {
  const room = await lockRoom(transaction, actor, roomId);
  assertThat(room.kind !== 'direct', 'chat.room_kind');
  assertThat(room.role === 'owner' || room.staffAction !== undefined, 'chat.not_permitted');
  if (room.state === 'archived') return;
  await archive(transaction, roomId);
  await auditModeration(transaction, actor, room, { did: 'archive' });
}

const ARCHIVE = statement<{ id: string }>(
  `UPDATE rooms SET state = 'archived', archived_at = now() WHERE id = $1 AND state = 'active' RETURNING id`,
  { id: uuid },
);

/** Archives a locked room, unless it is archived. */
export async function archive(transaction: Transaction, roomId: string): Promise<void> {
  if (!(await row(transaction, ARCHIVE, [roomId]))) return;
  await recordEvents(transaction, ROOM, roomId, { type: 'room.archived', payload: {} });
}
