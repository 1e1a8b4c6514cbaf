import { createHash } from 'node:crypto';

import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { ROOM } from './chat.events';
import { refuseBlockedRoom } from './lock-people';
import { messageText } from './message-text';
import { findMessage, type ChatMessage } from './read-messages';
import { lockRoom, type ChatActor, type RoomAccess } from './room-access';

/** The most files of a message. */
export const ATTACHMENTS_AT_MOST = 5;

/** What somebody sends. */
export interface NewMessage {
  readonly roomId: string;
  /** Made by the client: sent again, it is the same message. */
  readonly clientId: string;
  readonly text: string;
  readonly replyToSeq?: number | null | undefined;
  /** Of the caller's own uploads for this room that are ready, at most {@link ATTACHMENTS_AT_MOST}. */
  readonly attachmentIds?: readonly string[] | undefined;
}

/** The message of a client id: new, or what became of the one that was sent first. */
export interface SentMessage {
  readonly message: ChatMessage;
  readonly isNew: boolean;
}

const FIRST = statement<{ seq: number; requestDigest: string | null }>(
  `SELECT seq, request_digest AS "requestDigest" FROM messages
   WHERE sender_id = $1 AND room_id = $2 AND client_id = $3`,
  { seq: integer, requestDigest: nullable(text) },
);

const ANSWERED = statement<{ seq: number }>('SELECT seq FROM messages WHERE room_id = $1 AND seq = $2', {
  seq: integer,
});

/** The room counts its messages, so numbers have no gaps. What one has sent oneself is not unread. */
const SEND = statement<{ seq: number }>(
  `WITH counted AS (
     UPDATE rooms SET last_seq = last_seq + 1, active_at = date_trunc('milliseconds', clock_timestamp())
     WHERE id = $1 RETURNING last_seq AS seq
   ), read AS (
     UPDATE room_members SET last_read_seq = counted.seq FROM counted WHERE room_id = $1 AND account_id = $3
   )
   INSERT INTO messages (room_id, seq, id, sender_id, client_id, request_digest, text, reply_to_seq)
   SELECT $1, seq, $2, $3, $4, $5, $6, $7 FROM counted RETURNING seq`,
  { seq: integer },
);

const ATTACH = statement<{ id: string }>(
  `UPDATE attachments a SET message_seq = $3, place = named.place
   FROM unnest($4::uuid[]) WITH ORDINALITY AS named(id, place)
   WHERE a.id = named.id AND a.room_id = $1 AND a.account_id = $2 AND a.status = 'ready' AND a.message_seq IS NULL
   RETURNING a.id`,
  { id: uuid },
);

/**
 * Sends a message: exactly once for a client id of this person in this room, on however many connections and nodes it arrives. A
 * repetition gets the message as it is now. Only a member sends.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.blocked`, `chat.text_invalid`, `chat.message_not_found` for what
 *   it answers, `chat.attachment_not_ready`, `chat.client_id_reused`
 */
export async function sendMessage(
  transaction: Transaction,
  actor: ChatActor,
  sent: NewMessage,
): Promise<SentMessage> {
  const { roomId, clientId, replyToSeq = null, attachmentIds = [] } = sent;
  const { accountId } = actor;
  const content = messageText(sent.text, attachmentIds.length > 0);
  assertThat(attachmentIds.length <= ATTACHMENTS_AT_MOST, 'chat.attachment_not_ready');
  const requestDigest = digestOf(content, replyToSeq, attachmentIds);
  const room = await lockRoom(transaction, actor, roomId);
  assertThat(room.role !== null, 'chat.room_not_found');

  const first = await row(transaction, FIRST, [accountId, roomId, clientId]);
  if (first) {
    const isSame = first.requestDigest === null || first.requestDigest === requestDigest;
    assertThat(isSame, 'chat.client_id_reused');
    return { message: (await findMessage(transaction, roomId, first.seq))!, isNew: false };
  }

  await demandSendable(transaction, room, accountId, replyToSeq);
  const values = [roomId, newId(), accountId, clientId, requestDigest, content, replyToSeq];
  const { seq } = (await row(transaction, SEND, values))!;
  if (attachmentIds.length > 0) {
    const attached = await rows(transaction, ATTACH, [roomId, accountId, seq, attachmentIds]);
    assertThat(attached.length === attachmentIds.length, 'chat.attachment_not_ready');
  }
  await recordEvents(transaction, ROOM, roomId, {
    type: 'message.sent',
    payload: { seq, senderId: accountId },
  });
  return { message: (await findMessage(transaction, roomId, seq))!, isNew: true };
}

async function demandSendable(
  transaction: Transaction,
  room: RoomAccess,
  accountId: string,
  replyToSeq: number | null,
): Promise<void> {
  assertThat(room.state === 'active', 'chat.room_archived');
  await refuseBlockedRoom(transaction, room, accountId);
  if (replyToSeq === null) return;
  const isThere = replyToSeq > room.floor && (await row(transaction, ANSWERED, [room.id, replyToSeq]));
  assertThat(isThere, 'chat.message_not_found');
}

function digestOf(content: string, replyToSeq: number | null, attachmentIds: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([content, replyToSeq, attachmentIds]))
    .digest('hex');
}
