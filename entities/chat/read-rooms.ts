import type { EntityManager } from 'typeorm';

import { reachOf } from '../auth/policy';
import { boolean, instant, integer, json, nullable, text, uuid, type RowShape } from '../row-shape';
import { row, rows, statement } from '../sql';
import { UNREAD_AT_MOST } from './chat-limits';
import type { Room } from './room';
import { requireRoom, type ChatReader } from './room-access';
import type { MemberRole } from './room-member';

/** The beginning of the last message is enough for a list. */
const EXCERPT = 200;

/** The last message of a room that its reader can see. */
export interface LastMessage {
  readonly seq: number;
  readonly senderId: string;
  /** At most 200 characters; empty when it was deleted or has files only. */
  readonly excerpt: string;
  readonly isDeleted: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A room as somebody sees it in their list. */
export interface RoomSummary extends Pick<
  Room,
  'id' | 'kind' | 'state' | 'title' | 'history' | 'lastSeq' | 'version' | 'activeAt'
> {
  /** Null for staff who have not joined. */
  readonly role: MemberRole | null;
  readonly lastReadSeq: number;
  /** Messages of others that were not read, counted up to 100. */
  readonly unread: number;
  readonly members: number;
  /** The other person of a direct room, the customer of a support room. */
  readonly peerId: string | null;
  readonly peerName: string | null;
  /** Whether one of the two in a direct room has blocked the other. */
  readonly isBlocked: boolean;
  readonly lastMessage: LastMessage | null;
}

const SHAPE: RowShape<RoomSummary> = {
  id: uuid,
  kind: text,
  state: text,
  title: nullable(text),
  history: text,
  lastSeq: integer,
  version: integer,
  activeAt: instant,
  role: nullable(text),
  lastReadSeq: integer,
  unread: integer,
  members: integer,
  peerId: nullable(uuid),
  peerName: nullable(text),
  isBlocked: boolean,
  lastMessage: json<LastMessage | null>(),
};

/** Of the aliases `r` of the room and `own` of the reader's membership, which may be missing. `$1` is the reader. */
const COLUMNS = `r.id, r.kind, r.state, r.title, r.history, r.last_seq AS "lastSeq", r.version, r.active_at AS "activeAt",
  own.role, coalesce(own.last_read_seq, 0) AS "lastReadSeq",
  CASE WHEN own.role IS NULL THEN 0 ELSE (
    SELECT count(*) FROM (
      SELECT 1 FROM messages m
      WHERE m.room_id = r.id AND m.seq > own.last_read_seq AND m.sender_id <> $1 AND m.deleted_at IS NULL
      LIMIT ${UNREAD_AT_MOST}) AS t) END AS unread,
  (SELECT count(*) FROM room_members m WHERE m.room_id = r.id AND m.left_at IS NULL) AS members,
  peer.id AS "peerId", (SELECT name FROM profiles WHERE account_id = peer.id) AS "peerName",
  r.kind = 'direct' AND EXISTS (
    SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.blocked_id = peer.id OR b.account_id = peer.id AND b.blocked_id = $1
  ) AS "isBlocked",
  (SELECT json_build_object('seq', m.seq, 'senderId', m.sender_id, 'excerpt', left(m.text, ${EXCERPT}),
     'isDeleted', m.deleted_at IS NOT NULL,
     'createdAt', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   FROM messages m
   WHERE m.room_id = r.id AND m.seq = r.last_seq
     AND (r.history = 'all' OR own.joined_seq IS NULL OR m.seq > own.joined_seq)) AS "lastMessage"`;

/** The other of a direct room is a member for as long as there is an account. */
const PEER = `LEFT JOIN LATERAL (
    SELECT CASE r.kind WHEN 'support' THEN r.opened_by ELSE (
      SELECT m.account_id FROM room_members m WHERE m.room_id = r.id AND m.account_id <> $1 LIMIT 1) END AS id
    WHERE r.kind = 'direct' OR r.kind = 'support' AND r.opened_by <> $1) AS peer ON true`;

/** A page of rooms: those after a moment and an id. */
export interface RoomsPart {
  /** The moment in milliseconds since the epoch, and the id, of the last room on the page before. */
  readonly after?: { readonly key: number; readonly id: string } | undefined;
  readonly limit: number;
}

const OWN = statement<RoomSummary>(
  `SELECT ${COLUMNS}
   FROM room_members own JOIN rooms r ON r.id = own.room_id ${PEER}
   WHERE own.account_id = $1 AND own.left_at IS NULL
     AND (r.kind <> 'support' OR r.opened_by = $1 OR $2::boolean)
     AND ($3::bigint IS NULL OR (r.active_at, r.id) < (to_timestamp($3::numeric / 1000), $4::uuid))
   ORDER BY r.active_at DESC, r.id DESC LIMIT $5`,
  SHAPE,
);

/** The rooms that somebody is in, the last active first. */
export function readRooms(
  manager: EntityManager,
  { accountId, roles }: ChatReader,
  { after, limit }: RoomsPart,
): Promise<RoomSummary[]> {
  const isAgent = reachOf('chat.support', roles) === 'any';
  return rows(manager, OWN, [accountId, isAgent, after?.key ?? null, after?.id ?? null, limit]);
}

const ONE = statement<RoomSummary>(
  `SELECT ${COLUMNS} FROM rooms r
     LEFT JOIN room_members own ON own.room_id = r.id AND own.account_id = $1 AND own.left_at IS NULL ${PEER}
   WHERE r.id = $2`,
  SHAPE,
);

/** @throws AppError `chat.room_not_found` */
export async function readRoom(
  manager: EntityManager,
  reader: ChatReader,
  roomId: string,
): Promise<RoomSummary> {
  await requireRoom(manager, reader, roomId);
  return (await row(manager, ONE, [reader.accountId, roomId]))!;
}

const OF_SHOP = statement<RoomSummary>(
  `SELECT ${COLUMNS} FROM rooms r
     LEFT JOIN room_members own ON own.room_id = r.id AND own.account_id = $1 AND own.left_at IS NULL ${PEER}
   WHERE r.kind = $2 AND r.kind IN ('support', 'shop') AND r.state = 'active'
     AND ($3::bigint IS NULL OR (r.active_at, r.id) > (to_timestamp($3::numeric / 1000), $4::uuid))
     AND ($6::boolean IS FALSE OR NOT EXISTS (
       SELECT 1 FROM room_members m WHERE m.room_id = r.id AND m.left_at IS NULL AND m.account_id <> r.opened_by))
   ORDER BY r.active_at, r.id LIMIT $5`,
  SHAPE,
);

/** The support rooms that staff see, the longest quiet first. `isWaiting`: only those that nobody of the staff has joined. */
export function readSupportRooms(
  manager: EntityManager,
  { accountId }: ChatReader,
  { after, limit, isWaiting }: RoomsPart & { readonly isWaiting: boolean },
): Promise<RoomSummary[]> {
  const values = [accountId, 'support', after?.key ?? null, after?.id ?? null, limit, isWaiting];
  return rows(manager, OF_SHOP, values);
}

/** What somebody who is not in it sees of a room of the shop. */
export interface ShopRoom extends Pick<Room, 'id' | 'title' | 'createdAt'> {
  readonly members: number;
  readonly isMember: boolean;
}

const SHOP_ROOMS = statement<ShopRoom>(
  `SELECT r.id, r.title, r.created_at AS "createdAt",
     (SELECT count(*) FROM room_members m WHERE m.room_id = r.id AND m.left_at IS NULL) AS members,
     EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = r.id AND m.left_at IS NULL AND m.account_id = $1) AS "isMember"
   FROM rooms r WHERE r.kind = 'shop' AND r.state = 'active' AND ($2::uuid IS NULL OR r.id < $2)
   ORDER BY r.id DESC LIMIT $3`,
  { id: uuid, title: nullable(text), createdAt: instant, members: integer, isMember: boolean },
);

/** The rooms of the shop that can be joined. */
export function readShopRooms(
  manager: EntityManager,
  { accountId }: ChatReader,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<ShopRoom[]> {
  return rows(manager, SHOP_ROOMS, [accountId, before, limit]);
}

/** Somebody in a room. */
export interface RoomPerson {
  readonly accountId: string;
  /** As they call themselves; null where they have said nothing. There is nothing else to know of them. */
  readonly name: string | null;
  readonly role: MemberRole;
  readonly joinedAt: Date;
  /** 0 for the other of a direct room while one of the two has blocked the other. */
  readonly lastReadSeq: number;
}

const MEMBERS = statement<RoomPerson>(
  `SELECT m.account_id AS "accountId", p.name, m.role, m.joined_at AS "joinedAt",
     CASE WHEN r.kind = 'direct' AND EXISTS (
       SELECT 1 FROM blocks b WHERE b.account_id = $2 AND b.blocked_id = m.account_id OR b.account_id = m.account_id AND b.blocked_id = $2
     ) THEN 0 ELSE m.last_read_seq END AS "lastReadSeq"
   FROM room_members m JOIN rooms r ON r.id = m.room_id LEFT JOIN profiles p ON p.account_id = m.account_id
   WHERE m.room_id = $1 AND m.left_at IS NULL ORDER BY m.joined_at, m.account_id`,
  { accountId: uuid, name: nullable(text), role: text, joinedAt: instant, lastReadSeq: integer },
);

/** @throws AppError `chat.room_not_found` */
export async function readMembers(
  manager: EntityManager,
  reader: ChatReader,
  roomId: string,
): Promise<RoomPerson[]> {
  await requireRoom(manager, reader, roomId);
  return rows(manager, MEMBERS, [roomId, reader.accountId]);
}
