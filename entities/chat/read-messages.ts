import type { EntityManager } from 'typeorm';

import { reachOf } from '../auth/policy';
import { assertThat } from '../errors';
import { instant, integer, jsonList, jsonObject, nullable, text, uuid, type RowShape } from '../row-shape';
import { row, rows, rowsPlannedAnew, statement } from '../sql';
import { persianText } from '../values/persian-text';
import { requireRoom, type ChatReader } from './room-access';

/** A file of a message. */
export interface AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** A message as its row says now. Of a deleted one the text is empty, and there are no files. */
export interface ChatMessage {
  readonly roomId: string;
  readonly seq: number;
  readonly id: string;
  readonly senderId: string;
  /** Null for somebody who has none, and for who was erased. */
  readonly senderName: string | null;
  readonly clientId: string;
  readonly text: string;
  readonly replyToSeq: number | null;
  readonly attachments: readonly AttachedFile[];
  readonly createdAt: Date;
  readonly editedAt: Date | null;
  readonly deletedAt: Date | null;
}

const FILE: RowShape<AttachedFile> = { id: uuid, name: text, type: text, bytes: integer };

const JSON_ID = { ...uuid, types: ['json'] };

/** The shape of {@link MESSAGE_COLUMNS}. */
export const MESSAGE_SHAPE: RowShape<ChatMessage> = {
  roomId: uuid,
  seq: integer,
  id: uuid,
  senderId: uuid,
  senderName: nullable(text),
  clientId: uuid,
  text,
  replyToSeq: nullable(integer),
  attachments: jsonList(jsonObject({ ...FILE, id: JSON_ID })),
  createdAt: instant,
  editedAt: nullable(instant),
  deletedAt: nullable(instant),
};

/** Of the alias `m`. */
export const MESSAGE_COLUMNS = `m.room_id AS "roomId", m.seq, m.id, m.sender_id AS "senderId",
  (SELECT name FROM profiles WHERE account_id = m.sender_id) AS "senderName", m.client_id AS "clientId", m.text,
  m.reply_to_seq AS "replyToSeq",
  (SELECT coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'type', a.type, 'bytes', a.bytes) ORDER BY a.place), '[]')
   FROM attachments a WHERE a.room_id = m.room_id AND a.message_seq = m.seq) AS attachments,
  m.created_at AS "createdAt", m.edited_at AS "editedAt", m.deleted_at AS "deletedAt"`;

const ONE = statement<ChatMessage>(
  `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.room_id = $1 AND m.seq = $2`,
  MESSAGE_SHAPE,
);

/** The message as its row says now; undefined when there is none. */
export function findMessage(
  manager: EntityManager,
  roomId: string,
  seq: number,
): Promise<ChatMessage | undefined> {
  return row(manager, ONE, [roomId, seq]);
}

/** @throws AppError `chat.room_not_found`, `chat.message_not_found`, also for what was written before the reader came */
export async function readMessage(
  manager: EntityManager,
  reader: ChatReader,
  { roomId, seq }: { readonly roomId: string; readonly seq: number },
): Promise<ChatMessage> {
  const { floor } = await requireRoom(manager, reader, roomId);
  const message = seq > floor ? await findMessage(manager, roomId, seq) : undefined;
  assertThat(message, 'chat.message_not_found');
  return message;
}

/** Which part of a history: the newest messages, or those before or after a number. */
export interface HistoryPart {
  readonly roomId: string;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** A page of a history, oldest first. */
export interface HistoryPage {
  readonly items: readonly ChatMessage[];
  /** Where older messages are found; null at the beginning of what the reader can see. */
  readonly before: number | null;
  /** Where newer ones are found; null when there are none yet. */
  readonly after: number | null;
}

const OLDER = statement<ChatMessage>(
  `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.room_id = $1 AND m.seq > $2 AND m.seq < $3
   ORDER BY m.seq DESC LIMIT $4`,
  MESSAGE_SHAPE,
);

const NEWER = statement<ChatMessage>(
  `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.room_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
  MESSAGE_SHAPE,
);

const LARGEST_SEQ = 2_147_483_647;

/** @throws AppError `chat.room_not_found` */
export async function readMessages(
  manager: EntityManager,
  reader: ChatReader,
  { roomId, before = LARGEST_SEQ, after, limit }: HistoryPart,
): Promise<HistoryPage> {
  const { floor } = await requireRoom(manager, reader, roomId);
  const isForward = after !== undefined;
  const found = isForward
    ? await rows(manager, NEWER, [roomId, Math.max(after, floor), limit + 1])
    : (await rows(manager, OLDER, [roomId, floor, before, limit + 1])).toReversed();
  const hasMore = found.length > limit;
  const items = isForward ? found.slice(0, limit) : found.slice(-limit);
  const [first, last] = [items[0]?.seq, items.at(-1)?.seq];
  if (isForward) {
    const hasOlder = Math.max(after, floor) > floor;
    return { items, before: hasOlder ? (first ?? after + 1) : null, after: hasMore ? last! : null };
  }
  const hasNewer = before !== LARGEST_SEQ;
  return { items, before: hasMore ? first! : null, after: hasNewer ? (last ?? before - 1) : null };
}

/** What somebody searches for in the rooms that they are in. */
export interface MessageSearch {
  readonly typed: string;
  readonly roomId?: string | undefined;
  /** Messages older than this one: the id of the last one on the page before. */
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** Shorter words stand in nearly every message. */
const SHORTEST_WORD = 2;
const MOST_WORDS = 5;

/** Support rooms of others are those that staff have joined: who lost the role does not find them. */
const SEARCH = statement<ChatMessage>(
  `SELECT ${MESSAGE_COLUMNS}
   FROM room_members own JOIN rooms r ON r.id = own.room_id JOIN messages m ON m.room_id = own.room_id
   WHERE own.account_id = $1 AND own.left_at IS NULL
     AND (r.kind <> 'support' OR r.opened_by = $1 OR $2::boolean)
     AND (r.history = 'all' OR m.seq > own.joined_seq)
     AND ($3::uuid IS NULL OR m.room_id = $3)
     AND m.folded LIKE ALL ($4::text[]) AND m.deleted_at IS NULL
     AND ($5::uuid IS NULL OR m.id < $5)
   ORDER BY m.id DESC LIMIT $6`,
  MESSAGE_SHAPE,
);

/**
 * The newest messages with all of these words, or with words that contain them, whatever keyboard they were typed on. Nothing is found
 * by less than two letters.
 */
export async function searchMessages(
  manager: EntityManager,
  { accountId, roles }: ChatReader,
  { typed, roomId, beforeId, limit }: MessageSearch,
): Promise<ChatMessage[]> {
  const words = persianText(typed)
    .split(' ')
    .filter((word) => word.length >= SHORTEST_WORD)
    .slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  // `persianText` leaves letters, digits and spaces, so nothing is a wildcard.
  const patterns = words.map((word) => `%${word}%`);
  const isAgent = reachOf('chat.support', roles) === 'any';
  return rowsPlannedAnew(manager, SEARCH, [
    accountId,
    isAgent,
    roomId ?? null,
    patterns,
    beforeId ?? null,
    limit,
  ]);
}
