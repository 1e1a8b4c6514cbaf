import { lockAccount } from '../auth/lock-account';
import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited } from '../staff/audited';
import { newId } from '../values/uuid';
import { addMember } from './add-member';
import { ROOM } from './chat.events';
import { lockPeople, refuseBlocked } from './lock-people';
import type { Room } from './room';
import type { ChatActor } from './room-access';
import type { MemberRole } from './room-member';

/** A room that somebody wanted: new, or the one that was there. */
export interface OpenedRoom {
  readonly roomId: string;
  readonly isNew: boolean;
}

const OPEN = statement<{ id: string }>(
  `INSERT INTO rooms (id, kind, direct_key, title, history, opened_by) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT DO NOTHING RETURNING id`,
  { id: uuid },
);

/** A statement of its own: it sees the room for which the other one waited. */
const FIND = statement<{ id: string }>(
  `SELECT id FROM rooms WHERE direct_key = $1
     OR $1::text IS NULL AND kind = 'support' AND state = 'active' AND opened_by = $2`,
  { id: uuid },
);

type NewRoom = Pick<Room, 'id' | 'kind' | 'directKey' | 'title' | 'history' | 'openedBy'>;

async function open(
  transaction: Transaction,
  { id, kind, directKey, title, history, openedBy }: NewRoom,
  members: readonly { readonly accountId: string; readonly role: MemberRole }[],
): Promise<boolean> {
  const opened = await row(transaction, OPEN, [id, kind, directKey, title, history, openedBy]);
  if (!opened) return false;
  for (const member of members) await addMember(transaction, { roomId: id, ...member });
  await recordEvents(
    transaction,
    ROOM,
    id,
    { type: 'room.opened', payload: { kind } },
    ...members.map((member) => ({ type: 'member.joined', payload: member }) as const),
  );
  return true;
}

/**
 * Opens the room of two people, or finds the one that they have.
 *
 * @param accountId of the other person. There is no way to find people by their numbers
 * @throws AppError `chat.person_not_found`, `chat.blocked`, `chat.rooms_too_many`, `auth.session_over`
 */
export async function openDirectRoom(
  transaction: Transaction,
  actor: ChatActor,
  { accountId }: { readonly accountId: string },
): Promise<OpenedRoom> {
  await lockPeople(transaction, actor.accountId, accountId);
  await refuseBlocked(transaction, actor.accountId, accountId);
  const people = [actor.accountId, accountId].toSorted();
  const directKey = people.join(':');
  const room = { ...EMPTY, id: newId(), kind: 'direct', directKey, openedBy: actor.accountId } as const;
  const isNew = await open(
    transaction,
    room,
    people.map((id) => ({ accountId: id, role: 'member' })),
  );
  const { id } = isNew ? room : (await row(transaction, FIND, [directKey, actor.accountId]))!;
  return { roomId: id, isNew };
}

/** A room with a title. */
export interface NewTitledRoom extends Pick<Room, 'history'> {
  /** Derived from what makes two requests the same one: a repetition finds the room. */
  readonly roomId: string;
  readonly title: string;
}

/**
 * Opens a group of which the caller is the owner.
 *
 * @throws AppError `chat.rooms_too_many`, `auth.session_over`
 */
export async function openGroup(
  transaction: Transaction,
  { accountId }: ChatActor,
  { roomId, title, history }: NewTitledRoom,
): Promise<OpenedRoom> {
  await lockOwn(transaction, accountId);
  const room = { ...EMPTY, id: roomId, kind: 'group', title, history, openedBy: accountId } as const;
  const isNew = await open(transaction, room, [{ accountId, role: 'owner' }]);
  return { roomId, isNew };
}

/**
 * Opens the caller's room with the shop, or finds the one that is open. Staff come into it from their queue.
 *
 * @throws AppError `chat.rooms_too_many`, `auth.session_over`
 */
export async function openSupportRoom(
  transaction: Transaction,
  { accountId }: ChatActor,
): Promise<OpenedRoom> {
  await lockOwn(transaction, accountId);
  const room = { ...EMPTY, id: newId(), kind: 'support', openedBy: accountId } as const;
  const isNew = await open(transaction, room, [{ accountId, role: 'member' }]);
  const { id } = isNew ? room : (await row(transaction, FIND, [null, accountId]))!;
  return { roomId: id, isNew };
}

/**
 * Opens a room of the shop, which everybody can join. Nobody is in it yet.
 *
 * @throws AppError `auth.session_over`
 */
export async function openShopRoom(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, title, history }: NewTitledRoom,
): Promise<OpenedRoom> {
  await lockOwn(transaction, actor.accountId);
  const room = { ...EMPTY, id: roomId, kind: 'shop', title, history, openedBy: actor.accountId } as const;
  const isNew = await open(transaction, room, []);
  await audited(transaction, actor, {
    action: 'chat.moderate',
    object: { type: 'room', id: roomId },
    details: { did: 'open' },
  });
  return { roomId, isNew };
}

const EMPTY = { directKey: null, title: null, history: 'all' } as const;

/** One person opens one room at a time: a support room that exists is seen, and the limit of rooms holds. */
async function lockOwn(transaction: Transaction, accountId: string): Promise<void> {
  const account = await lockAccount(transaction, accountId);
  if (account?.status !== 'active') throw new AppError('auth.session_over');
}
