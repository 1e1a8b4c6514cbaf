import type { EntityManager } from 'typeorm';

import { AppError, assertThat } from '../errors';
import { invalidRequest } from '../problem';
import { boolean, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { LARGEST_IMAGE_BYTES, type AttachmentFailure, type AttachmentStatus } from './attachment';
import { lockActiveRoom, requireRoom, type ChatActor, type ChatReader } from './room-access';

/** What one person may upload within 24 hours, with what was refused or deleted. */
export const UPLOADS_AT_MOST_BYTES = 100 * 1024 * 1024;

/** How long somebody may take to upload a file. */
export const UPLOAD_LIFE_MS = 10 * 60_000;
/** How long an address to read a file is good. Whoever leaves the room can still use the one they have. */
export const LINK_LIFE_MS = 60_000;

/** @throws AppError `request.invalid` for a picture that is too large */
export function demandFileSize({ type, bytes }: { readonly type: string; readonly bytes: number }): void {
  if (!type.startsWith('image/') || bytes <= LARGEST_IMAGE_BYTES) return;
  throw invalidRequest([{ in: 'body', field: 'bytes', rule: 'max', detail: 'a picture has at most 10 MB' }]);
}

/** An upload that somebody asks for. */
export interface NewAttachment {
  readonly attachmentId: string;
  readonly roomId: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly objectKey: string;
  readonly expiresAt: Date;
}

/** Requests of one person come one after the other, or all of them would see the same sum. */
const LOCK_QUOTA = statement<{ locked: number }>(
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('chat-uploads:' || $1, 0)))
   SELECT count(*) AS locked FROM locked`,
  { locked: integer },
);

const UPLOADED = statement<{ bytes: number }>(
  `SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM attachments
   WHERE account_id = $1 AND created_at > now() - interval '1 day'`,
  { bytes: integer },
);

const INSERT = statement(
  `INSERT INTO attachments (id, room_id, account_id, name, type, bytes, object_key, upload_expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/**
 * Notes a file that a member is going to upload for a room.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.attachment_quota`
 */
export async function requestAttachment(
  transaction: Transaction,
  actor: ChatActor,
  { attachmentId, roomId, name, type, bytes, objectKey, expiresAt }: NewAttachment,
): Promise<void> {
  const { accountId } = actor;
  await rows(transaction, LOCK_QUOTA, [accountId]);
  const { role } = await lockActiveRoom(transaction, actor, roomId);
  assertThat(role !== null, 'chat.room_not_found');
  const uploaded = (await row(transaction, UPLOADED, [accountId]))!;
  const isWithin = uploaded.bytes + bytes <= UPLOADS_AT_MOST_BYTES;
  assertThat(isWithin, 'chat.attachment_quota', { limit: UPLOADS_AT_MOST_BYTES });
  const values = [attachmentId, roomId, accountId, name, type, bytes, objectKey, expiresAt];
  await rows(transaction, INSERT, values);
}

/** Somebody's own upload. */
export interface OwnUpload {
  readonly id: string;
  readonly status: AttachmentStatus;
  readonly failure: AttachmentFailure | null;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly objectKey: string;
  /** Whether it may still be completed. */
  readonly isInTime: boolean;
}

/** Somebody whose upload took until the end still has to say so. */
const OWN = statement<OwnUpload>(
  `SELECT id, status, failure, name, type, bytes, object_key AS "objectKey",
     upload_expires_at > now() - interval '5 minutes' AS "isInTime"
   FROM attachments WHERE id = $1 AND account_id = $2 AND status <> 'removed'`,
  {
    id: uuid,
    status: text,
    failure: nullable(text),
    name: text,
    type: text,
    bytes: integer,
    objectKey: text,
    isInTime: boolean,
  },
);

/** @throws AppError `chat.attachment_not_found`, also for the upload of another person */
export async function readOwnUpload(
  manager: EntityManager,
  { accountId }: ChatReader,
  attachmentId: string,
): Promise<OwnUpload> {
  const found = await row(manager, OWN, [attachmentId, accountId]);
  assertThat(found, 'chat.attachment_not_found');
  return found;
}

/** What the store has under the key of an upload; undefined when there is nothing. */
export interface FoundObject {
  readonly bytes: number;
  /** The media type of the content; undefined for text and whatever else has no mark. */
  readonly type: string | undefined;
}

/** Why an upload is not what was announced; null when it is. */
export function judgeUpload(
  { bytes, type }: Pick<OwnUpload, 'bytes' | 'type'>,
  found: FoundObject | undefined,
): AttachmentFailure | null {
  if (!found) return 'not_uploaded';
  if (found.bytes !== bytes) return 'wrong_size';
  return found.type === type ? null : 'wrong_type';
}

const SETTLE = statement(
  `UPDATE attachments SET status = CASE WHEN $3::text IS NULL THEN 'ready' ELSE 'failed' END, failure = $3, changed_at = now()
   WHERE id = $1 AND account_id = $2 AND status = 'pending'`,
);

/** Says what became of an upload: its sender may name it in a message, or knows why not. A repetition changes nothing. */
export async function settleUpload(
  transaction: Transaction,
  { accountId }: ChatReader,
  { attachmentId, failure }: { readonly attachmentId: string; readonly failure: AttachmentFailure | null },
): Promise<OwnUpload> {
  await rows(transaction, SETTLE, [attachmentId, accountId, failure]);
  return readOwnUpload(transaction, { accountId, roles: [] }, attachmentId);
}

/** A file that somebody may read. */
export interface ReadableFile {
  readonly objectKey: string;
  readonly name: string;
  readonly type: string;
}

const SENT = statement<ReadableFile & { roomId: string; seq: number }>(
  `SELECT object_key AS "objectKey", name, type, room_id AS "roomId", message_seq AS seq
   FROM attachments WHERE id = $1 AND message_seq IS NOT NULL`,
  { objectKey: text, name: text, type: text, roomId: uuid, seq: integer },
);

/**
 * The file of a message that the reader can see.
 *
 * @throws AppError `chat.attachment_not_found`, whatever the reason
 */
export async function findFile(
  manager: EntityManager,
  reader: ChatReader,
  attachmentId: string,
): Promise<ReadableFile> {
  const found = await row(manager, SENT, [attachmentId]);
  assertThat(found, 'chat.attachment_not_found');
  const { roomId, seq, ...file } = found;
  const floor = await requireRoom(manager, reader, roomId).then(
    (room) => room.floor,
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'chat.room_not_found') return undefined;
      throw error;
    },
  );
  assertThat(floor !== undefined && seq > floor, 'chat.attachment_not_found');
  return file;
}
