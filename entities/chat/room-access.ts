import { reachOf, type Action, type Role } from '../auth/policy';
import { AppError, assertThat } from '../errors';
import { integer, nullable, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import type { Room } from './room';
import type { MemberRole } from './room-member';

/** Who reads in a chat. */
export interface ChatReader {
  readonly accountId: string;
  readonly roles: readonly Role[];
}

/** Who does something in a chat, in a session and a request. */
export interface ChatActor extends ChatReader, Actor {}

/** A room as somebody may use it. */
export interface RoomAccess extends Pick<
  Room,
  'id' | 'kind' | 'state' | 'title' | 'history' | 'openedBy' | 'lastSeq'
> {
  /** Null for staff who have not joined. They can read and moderate, but not write. */
  readonly role: MemberRole | null;
  /** Messages up to this number cannot be read. */
  readonly floor: number;
  /** Whether they may delete the messages of others, and invite and remove people. */
  readonly moderates: boolean;
  /** The action of the policy that lets staff moderate this room. Undefined where the caller's power is that of a member. */
  readonly staffAction: Action | undefined;
}

/** Whether these roles let somebody read rooms of this kind without being in them. */
export function readsAsStaff(roles: readonly Role[], kind: Room['kind']): boolean {
  const action = STAFF_ACTIONS[kind];
  return action !== undefined && reachOf(action, roles) === 'any';
}

/** Rooms that the shop answers for. In all others staff can do no more than other people. */
const STAFF_ACTIONS: Partial<Record<Room['kind'], Action>> = {
  support: 'chat.support',
  shop: 'chat.moderate',
};

type Found = Omit<RoomAccess, 'floor' | 'moderates' | 'staffAction'> & { readonly joinedSeq: number | null };

const READ = statement<Found>(
  `SELECT r.id, r.kind, r.state, r.title, r.history, r.opened_by AS "openedBy", r.last_seq AS "lastSeq",
     m.role, m.joined_seq AS "joinedSeq"
   FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.account_id = $2 AND m.left_at IS NULL
   WHERE r.id = $1`,
  {
    id: uuid,
    kind: text,
    state: text,
    title: nullable(text),
    history: text,
    openedBy: uuid,
    lastSeq: integer,
    role: nullable(text),
    joinedSeq: nullable(integer),
  },
);

/**
 * What somebody may do in a room. A stranger learns no more than that there is nothing.
 *
 * @throws AppError `chat.room_not_found`
 */
export async function requireRoom(
  transaction: Transaction,
  reader: ChatReader,
  roomId: string,
): Promise<RoomAccess> {
  const access = await findRoom(transaction, reader, roomId);
  if (!access) throw new AppError('chat.room_not_found');
  return access;
}

async function findRoom(
  transaction: Transaction,
  reader: ChatReader,
  roomId: string,
): Promise<RoomAccess | undefined> {
  const found = await row(transaction, READ, [roomId, reader.accountId]);
  return found && accessOf(reader, found);
}

function accessOf(reader: ChatReader, { joinedSeq, ...room }: Found): RoomAccess | undefined {
  const { kind, role, history, openedBy } = room;
  const action = STAFF_ACTIONS[kind];
  const isStaff = readsAsStaff(reader.roles, kind);
  // Who no longer works for the shop has no business with its customers, although they had joined.
  const isMember = role !== null && (kind !== 'support' || openedBy === reader.accountId || isStaff);
  if (!isMember && !isStaff) return undefined;
  return {
    ...room,
    floor: history === 'since_joining' && !isStaff ? (joinedSeq ?? 0) : 0,
    moderates: isStaff || (kind === 'group' && (role === 'owner' || role === 'moderator')),
    staffAction: isStaff ? action : undefined,
  };
}

/** The account comes before the room, as in an erasure. */
const LOCK = statement<{ id: string }>(
  `SELECT id FROM rooms
   WHERE id = (SELECT $1::uuid FROM accounts WHERE id = $2 AND status = 'active' FOR KEY SHARE)
   FOR NO KEY UPDATE`,
  { id: uuid },
);

/**
 * Locks a room for a change by somebody. Everything that changes a room or its members comes through here, so that it has one order,
 * and nobody does anything in it once they have left.
 *
 * @throws AppError `chat.room_not_found`
 */
export async function lockRoom(
  transaction: Transaction,
  reader: ChatReader,
  roomId: string,
): Promise<RoomAccess> {
  const room = await lockRoomForAll(transaction, reader, roomId);
  if (!room) throw new AppError('chat.room_not_found');
  return room;
}

/**
 * {@link lockRoom} for what people may also do once they have left: undefined where they cannot read the room.
 *
 * @throws AppError `chat.room_not_found` where there is none, or no active account
 */
export async function lockRoomForAll(
  transaction: Transaction,
  reader: ChatReader,
  roomId: string,
): Promise<RoomAccess | undefined> {
  const locked = await row(transaction, LOCK, [roomId, reader.accountId]);
  assertThat(locked, 'chat.room_not_found');
  // A statement of its own: it sees what was committed while the lock was waited for.
  return findRoom(transaction, reader, roomId);
}

/**
 * {@link lockRoom} for what an archived room does not allow.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`
 */
export async function lockActiveRoom(
  transaction: Transaction,
  reader: ChatReader,
  roomId: string,
): Promise<RoomAccess> {
  const room = await lockRoom(transaction, reader, roomId);
  assertThat(room.state === 'active', 'chat.room_archived');
  return room;
}

/** What somebody of the staff does in a room because of their role at the shop. */
export type ModerationDetails = Readonly<Record<string, string | number | boolean | null>>;

/** Records what staff do by their role at the shop. What members do by theirs is no business of the record. */
export async function auditModeration(
  transaction: Transaction,
  actor: ChatActor,
  { id, staffAction }: RoomAccess,
  details: ModerationDetails,
): Promise<void> {
  if (staffAction === undefined) return;
  await audited(transaction, actor, { action: staffAction, object: { type: 'room', id }, details });
}
