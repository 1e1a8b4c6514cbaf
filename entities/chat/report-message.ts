import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited } from '../staff/audited';
import { newId } from '../values/uuid';
import { blankMessage, type MessageOfRoom } from './change-message';
import { archive } from './change-room';
import type { ReportReason, ReportResolution } from './report';
import type { RoomKind } from './room';
import { lockRoom, type ChatActor } from './room-access';

const OTHERS = statement<{ senderId: string }>(
  `SELECT sender_id AS "senderId" FROM messages WHERE room_id = $1 AND seq = $2 AND seq > $3`,
  { senderId: uuid },
);

const REPORT = statement<{ id: string }>(
  `INSERT INTO reports (id, room_id, seq, account_id, reason, note) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT ON CONSTRAINT uq_reports_once DO NOTHING RETURNING id`,
  { id: uuid },
);

/**
 * Asks staff to look at a message of somebody else. The members of the room are not told. A repetition changes nothing.
 *
 * @throws AppError `chat.room_not_found`, `chat.message_not_found`, `chat.not_permitted` for a message of one's own
 */
export async function reportMessage(
  transaction: Transaction,
  actor: ChatActor,
  report: MessageOfRoom & { readonly reason: ReportReason; readonly note: string },
): Promise<void> {
  const { roomId, seq, reason, note } = report;
  const { floor } = await lockRoom(transaction, actor, roomId);
  const found = await row(transaction, OTHERS, [roomId, seq, floor]);
  assertThat(found, 'chat.message_not_found');
  assertThat(found.senderId !== actor.accountId, 'chat.not_permitted');
  await rows(transaction, REPORT, [newId(), roomId, seq, actor.accountId, reason, note]);
}

/** A report as staff see it, with what the message says now. */
export interface ReportedMessage {
  readonly id: string;
  readonly roomId: string;
  readonly roomKind: RoomKind;
  readonly seq: number;
  readonly senderId: string;
  readonly text: string;
  readonly deletedAt: Date | null;
  readonly reporterId: string;
  readonly reason: ReportReason;
  readonly note: string;
  readonly createdAt: Date;
  readonly resolution: ReportResolution | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
}

const COLUMNS = `r.id, r.room_id AS "roomId", o.kind AS "roomKind", r.seq, m.sender_id AS "senderId", m.text,
  m.deleted_at AS "deletedAt", r.account_id AS "reporterId", r.reason, r.note, r.created_at AS "createdAt", r.resolution,
  r.resolved_by AS "resolvedBy", r.resolved_at AS "resolvedAt"`;

const SHAPE = {
  id: uuid,
  roomId: uuid,
  roomKind: text,
  seq: integer,
  senderId: uuid,
  text,
  deletedAt: nullable(instant),
  reporterId: uuid,
  reason: text,
  note: text,
  createdAt: instant,
  resolution: nullable(text),
  resolvedBy: nullable(uuid),
  resolvedAt: nullable(instant),
};

const QUEUE = statement<ReportedMessage>(
  `SELECT ${COLUMNS} FROM reports r JOIN messages m ON (m.room_id, m.seq) = (r.room_id, r.seq) JOIN rooms o ON o.id = r.room_id
   WHERE r.resolution IS NULL AND ($1::uuid IS NULL OR r.id > $1) ORDER BY r.id LIMIT $2`,
  SHAPE,
);

/** The reports that nobody has resolved, the oldest first. */
export function readOpenReports(
  manager: EntityManager,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<ReportedMessage[]> {
  return rows(manager, QUEUE, [after, limit]);
}

const FIND_ROOM = statement<{ roomId: string }>('SELECT room_id AS "roomId" FROM reports WHERE id = $1', {
  roomId: uuid,
});

const LOCK_ROOM = statement('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE');

const LOCK = statement<ReportedMessage>(
  `SELECT ${COLUMNS} FROM reports r JOIN messages m ON (m.room_id, m.seq) = (r.room_id, r.seq) JOIN rooms o ON o.id = r.room_id
   WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
  SHAPE,
);

/** Whoever reported the same message has the same answer. */
const RESOLVE = statement(
  `UPDATE reports SET resolution = $3, resolved_by = $4, resolved_at = now()
   WHERE room_id = $1 AND seq = $2 AND resolution IS NULL`,
);

/**
 * Resolves every open report of a message: leaves it, deletes it, or archives its room. In rooms of customers this is all that staff
 * can do, and they see no other message.
 *
 * @throws AppError `chat.report_not_found`, `chat.report_resolved`
 */
export async function resolveReport(
  transaction: Transaction,
  actor: ChatActor,
  { reportId, resolution }: { readonly reportId: string; readonly resolution: ReportResolution },
): Promise<ReportedMessage> {
  const room = await row(transaction, FIND_ROOM, [reportId]);
  assertThat(room, 'chat.report_not_found');
  await rows(transaction, LOCK_ROOM, [room.roomId]);
  const report = await row(transaction, LOCK, [reportId]);
  assertThat(report, 'chat.report_not_found');
  assertThat(report.resolution === null, 'chat.report_resolved');
  const { roomId, seq, deletedAt } = report;
  if (resolution === 'message_deleted' && deletedAt === null)
    await blankMessage(transaction, { roomId, seq });
  if (resolution === 'room_archived') await archive(transaction, roomId);
  await rows(transaction, RESOLVE, [roomId, seq, resolution, actor.accountId]);
  await audited(transaction, actor, {
    action: 'chat.report_resolve',
    object: { type: 'room', id: roomId },
    details: { reportId, seq, resolution },
  });
  return (await row(transaction, LOCK, [reportId]))!;
}
