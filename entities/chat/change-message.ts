import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { EDITABLE_MINUTES } from './chat-limits';
import { ROOM } from './chat.events';
import { refuseBlockedRoom } from './lock-people';
import { messageText } from './message-text';
import { findMessage, type ChatMessage } from './read-messages';
import {
  auditModeration,
  lockActiveRoom,
  lockRoomForAll,
  type ChatActor,
  type RoomAccess,
} from './room-access';

/** A message by its number. */
export interface MessageOfRoom {
  readonly roomId: string;
  readonly seq: number;
}

interface Found {
  readonly senderId: string;
  readonly isDeleted: boolean;
  readonly isEditable: boolean;
  readonly files: number;
}

/** The room is locked, so nothing of it changes meanwhile. */
const READ = statement<Found>(
  `SELECT sender_id AS "senderId", deleted_at IS NOT NULL AS "isDeleted",
     created_at > clock_timestamp() - interval '${EDITABLE_MINUTES} minutes' AS "isEditable",
     (SELECT count(*) FROM attachments a WHERE a.room_id = m.room_id AND a.message_seq = m.seq) AS files
   FROM messages m WHERE room_id = $1 AND seq = $2`,
  { senderId: uuid, isDeleted: boolean, isEditable: boolean, files: integer },
);

/** @throws AppError `chat.message_not_found`, also for what the reader cannot see */
async function requireMessage(transaction: Transaction, room: RoomAccess, seq: number): Promise<Found> {
  const found = seq > room.floor ? await row(transaction, READ, [room.id, seq]) : undefined;
  assertThat(found, 'chat.message_not_found');
  return found;
}

/** Unlike the original text, the digest of one would remain. */
const EDIT = statement<{ seq: number }>(
  `UPDATE messages SET text = $3, edited_at = clock_timestamp(), request_digest = NULL
   WHERE room_id = $1 AND seq = $2 AND text <> $3 RETURNING seq`,
  { seq: integer },
);

/**
 * Gives a message of one's own another text, within 15 minutes by the clock of the database. The same text changes nothing.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.message_not_found`, `chat.not_permitted`, `chat.message_deleted`,
 *   `chat.edit_too_late`, `chat.text_invalid`, `chat.blocked`
 */
export async function editMessage(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, seq, text }: MessageOfRoom & { readonly text: string },
): Promise<ChatMessage> {
  const room = await lockActiveRoom(transaction, actor, roomId);
  const found = await requireMessage(transaction, room, seq);
  assertThat(found.senderId === actor.accountId && room.role !== null, 'chat.not_permitted');
  assertThat(!found.isDeleted, 'chat.message_deleted');
  assertThat(found.isEditable, 'chat.edit_too_late', { limit: EDITABLE_MINUTES });
  await refuseBlockedRoom(transaction, room, actor.accountId);
  if (await row(transaction, EDIT, [roomId, seq, messageText(text, found.files > 0)])) {
    await recordEvents(transaction, ROOM, roomId, { type: 'message.edited', payload: { seq } });
  }
  return (await findMessage(transaction, roomId, seq))!;
}

const BLANK = statement(
  `UPDATE messages SET text = '', request_digest = NULL, deleted_at = clock_timestamp() WHERE room_id = $1 AND seq = $2`,
);

const DETACH = statement(
  `UPDATE attachments SET status = 'removed', name = '', message_seq = NULL, place = NULL, changed_at = now()
   WHERE room_id = $1 AND message_seq = $2`,
);

/**
 * Deletes a message: its author at any time, also after they left the room, and whoever moderates it. Its text and its files are
 * gone, its place stays. A repetition changes nothing. What was written in an archived room can be deleted, too.
 *
 * @throws AppError `chat.room_not_found`, `chat.message_not_found`, `chat.not_permitted`
 */
export async function deleteMessage(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, seq }: MessageOfRoom,
): Promise<ChatMessage> {
  const room = await lockRoomForAll(transaction, actor, roomId);
  const found = await row(transaction, READ, [roomId, seq]);
  const isAuthor = found?.senderId === actor.accountId;
  // Whoever has left learns of nothing but their own.
  assertThat(room || isAuthor, 'chat.room_not_found');
  assertThat(found && (isAuthor || seq > room!.floor), 'chat.message_not_found');
  assertThat(isAuthor || room!.moderates, 'chat.not_permitted');
  if (!found.isDeleted) {
    await blankMessage(transaction, { roomId, seq });
    if (!isAuthor) await auditModeration(transaction, actor, room!, { did: 'delete_message', seq });
  }
  return (await findMessage(transaction, roomId, seq))!;
}

/** Leaves nothing of a message in a locked room but its place. */
export async function blankMessage(transaction: Transaction, { roomId, seq }: MessageOfRoom): Promise<void> {
  await rows(transaction, BLANK, [roomId, seq]);
  await rows(transaction, DETACH, [roomId, seq]);
  await recordEvents(transaction, ROOM, roomId, { type: 'message.deleted', payload: { seq } });
}
