import { assertThat } from '../errors';
import type { EventOf } from '../events/aggregate';
import { recordEvents } from '../events/record-events';
import { nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { addMember } from './add-member';
import { archive } from './change-room';
import { ROOM, type RoomEvents } from './chat.events';
import { lockPeople, refuseBlocked } from './lock-people';
import type { RoomState } from './room';
import { auditModeration, lockActiveRoom, lockRoom, type ChatActor, type RoomAccess } from './room-access';
import type { LeavingReason, MemberRole } from './room-member';

/** A room, and somebody in it or to be in it. */
export interface MemberOfRoom {
  readonly roomId: string;
  readonly accountId: string;
}

/**
 * Brings somebody into a group or a room of the shop. Of a member nothing changes.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.room_kind`, `chat.not_permitted`, `chat.person_not_found`,
 *   `chat.blocked`, `chat.room_full`, `chat.rooms_too_many`, `auth.session_over`
 */
export async function inviteMember(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, accountId }: MemberOfRoom,
): Promise<void> {
  await lockPeople(transaction, actor.accountId, accountId);
  const room = await lockActiveRoom(transaction, actor, roomId);
  assertThat(room.kind === 'group' || room.kind === 'shop', 'chat.room_kind');
  assertThat(room.moderates, 'chat.not_permitted');
  await refuseBlocked(transaction, actor.accountId, accountId);
  if (!(await join(transaction, { roomId, accountId, role: 'member' }))) return;
  await auditModeration(transaction, actor, room, { did: 'invite', memberId: accountId });
}

const PAST = statement<{ leftReason: LeavingReason | null; state: RoomState }>(
  `SELECT m.left_reason AS "leftReason", r.state FROM rooms r
     LEFT JOIN room_members m ON m.room_id = r.id AND m.account_id = $2 WHERE r.id = $1`,
  { leftReason: nullable(text), state: text },
);

const LOCK_SHOP_ROOM = statement<{ id: string }>(
  `SELECT id FROM rooms
   WHERE id = (SELECT $1::uuid FROM accounts WHERE id = $2 AND status = 'active' FOR KEY SHARE) AND kind = 'shop'
   FOR NO KEY UPDATE`,
  { id: uuid },
);

/**
 * Comes into a room by oneself: a room of the shop, or as staff a support room. Whoever was removed waits for an invitation.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.room_kind`, `chat.not_permitted` for who was removed,
 *   `chat.room_full`, `chat.rooms_too_many`
 */
export async function joinRoom(
  transaction: Transaction,
  actor: ChatActor,
  { roomId }: { readonly roomId: string },
): Promise<void> {
  const { accountId } = actor;
  if (await row(transaction, LOCK_SHOP_ROOM, [roomId, accountId])) {
    const { leftReason, state } = (await row(transaction, PAST, [roomId, accountId]))!;
    assertThat(state === 'active', 'chat.room_archived');
    assertThat(leftReason !== 'removed', 'chat.not_permitted');
    await join(transaction, { roomId, accountId, role: 'member' });
    return;
  }
  const room = await lockActiveRoom(transaction, actor, roomId);
  assertThat(room.kind === 'support', 'chat.room_kind');
  if (room.role !== null || !(await join(transaction, { roomId, accountId, role: 'moderator' }))) return;
  await auditModeration(transaction, actor, room, { did: 'join' });
}

async function join(
  transaction: Transaction,
  member: MemberOfRoom & { readonly role: MemberRole },
): Promise<boolean> {
  const { roomId, accountId, role } = member;
  if (!(await addMember(transaction, member))) return false;
  await recordEvents(transaction, ROOM, roomId, { type: 'member.joined', payload: { accountId, role } });
  return true;
}

const END = statement<{ role: MemberRole }>(
  `UPDATE room_members SET left_at = now(), left_reason = $3
   WHERE room_id = $1 AND account_id = $2 AND left_at IS NULL RETURNING role`,
  { role: text },
);

/** The moderator, or else the member, who has been there longest. */
const HEIR = statement<{ accountId: string }>(
  `UPDATE room_members SET role = 'owner' WHERE room_id = $1 AND account_id = (
     SELECT account_id FROM room_members WHERE room_id = $1 AND left_at IS NULL
     ORDER BY (role = 'moderator') DESC, joined_at, account_id LIMIT 1)
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/**
 * Ends a membership in a locked room. The group of an owner who leaves passes to the moderator, or else the member, who has been
 * there longest. A group that nobody is left in is archived.
 */
export async function endMembership(
  transaction: Transaction,
  { roomId, accountId }: MemberOfRoom,
  reason: LeavingReason,
): Promise<void> {
  const ended = await row(transaction, END, [roomId, accountId, reason]);
  if (!ended) return;
  const events: EventOf<RoomEvents>[] = [{ type: 'member.left', payload: { accountId, reason } }];
  const heir = ended.role === 'owner' ? await row(transaction, HEIR, [roomId]) : undefined;
  if (heir) events.push({ type: 'member.role', payload: { accountId: heir.accountId, role: 'owner' } });
  await recordEvents(transaction, ROOM, roomId, ...events);
  if (ended.role === 'owner' && !heir) await archive(transaction, roomId);
}

/**
 * Leaves a room. The room of two people stays: they can block each other.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_kind` for a direct room and the customer of a support room
 */
export async function leaveRoom(
  transaction: Transaction,
  actor: ChatActor,
  { roomId }: { readonly roomId: string },
): Promise<void> {
  const { accountId } = actor;
  const room = await lockRoom(transaction, actor, roomId);
  assertThat(room.role !== null, 'chat.room_not_found');
  const stays = room.kind === 'direct' || (room.kind === 'support' && room.openedBy === accountId);
  assertThat(!stays, 'chat.room_kind');
  await endMembership(transaction, { roomId, accountId }, 'left');
}

const ROLE = statement<{ role: MemberRole }>(
  'SELECT role FROM room_members WHERE room_id = $1 AND account_id = $2 AND left_at IS NULL',
  { role: text },
);

/** @throws AppError `chat.member_not_found` */
async function requireRole(transaction: Transaction, roomId: string, accountId: string): Promise<MemberRole> {
  const found = await row(transaction, ROLE, [roomId, accountId]);
  assertThat(found, 'chat.member_not_found');
  return found.role;
}

/**
 * Removes somebody from a group or a room of the shop. Moderators of a group remove members, its owner everybody else.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_kind`, `chat.not_permitted`, `chat.member_not_found`
 */
export async function removeMember(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, accountId }: MemberOfRoom,
): Promise<void> {
  const room = await lockRoom(transaction, actor, roomId);
  assertThat(room.kind === 'group' || room.kind === 'shop', 'chat.room_kind');
  assertThat(room.moderates, 'chat.not_permitted');
  const role = await requireRole(transaction, roomId, accountId);
  const isBelow = room.kind === 'shop' || room.role === 'owner' || role === 'member';
  assertThat(isBelow && accountId !== actor.accountId, 'chat.not_permitted');
  await endMembership(transaction, { roomId, accountId }, 'removed');
  await auditModeration(transaction, actor, room, { did: 'remove', memberId: accountId });
}

const SET_ROLE = statement(
  'UPDATE room_members SET role = $3 WHERE room_id = $1 AND account_id = $2 AND left_at IS NULL',
);

/** @throws AppError `chat.room_kind`, `chat.not_permitted` */
function demandOwner(room: RoomAccess, actor: ChatActor, accountId: string): void {
  assertThat(room.kind === 'group', 'chat.room_kind');
  assertThat(room.role === 'owner' && accountId !== actor.accountId, 'chat.not_permitted');
}

/**
 * Makes a member of a group a moderator, or takes that back. The owner does.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.room_kind`, `chat.not_permitted`, `chat.member_not_found`
 */
export async function changeRole(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, accountId, role }: MemberOfRoom & { readonly role: Exclude<MemberRole, 'owner'> },
): Promise<void> {
  const room = await lockActiveRoom(transaction, actor, roomId);
  demandOwner(room, actor, accountId);
  if ((await requireRole(transaction, roomId, accountId)) === role) return;
  await rows(transaction, SET_ROLE, [roomId, accountId, role]);
  await recordEvents(transaction, ROOM, roomId, { type: 'member.role', payload: { accountId, role } });
}

/**
 * Passes a group on to another member. The owner becomes a moderator.
 *
 * @throws AppError `chat.room_not_found`, `chat.room_archived`, `chat.room_kind`, `chat.not_permitted`, `chat.member_not_found`
 */
export async function passOwnership(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, accountId }: MemberOfRoom,
): Promise<void> {
  const room = await lockActiveRoom(transaction, actor, roomId);
  demandOwner(room, actor, accountId);
  await requireRole(transaction, roomId, accountId);
  const changes = [
    { accountId: actor.accountId, role: 'moderator' },
    { accountId, role: 'owner' },
  ] as const;
  for (const it of changes) await rows(transaction, SET_ROLE, [roomId, it.accountId, it.role]);
  await recordEvents(
    transaction,
    ROOM,
    roomId,
    ...changes.map((payload) => ({ type: 'member.role', payload }) as const),
  );
}
