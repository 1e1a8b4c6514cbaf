import type { AccountStatus } from '../auth/account';
import { AppError, assertThat } from '../errors';
import { boolean, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { RoomAccess } from './room-access';

/** In the order of their ids, and before any room: an erasure locks an account and then its rooms. */
const LOCK = statement<{ id: string; status: AccountStatus }>(
  'SELECT id, status FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR KEY SHARE',
  { id: uuid, status: text },
);

/**
 * Locks the caller and another person against their erasure.
 *
 * @throws AppError `auth.session_over`, `chat.person_not_found` for the caller themselves and whoever has no active account
 */
export async function lockPeople(
  transaction: Transaction,
  accountId: string,
  otherId: string,
): Promise<void> {
  const active = (await rows(transaction, LOCK, [[accountId, otherId]]))
    .filter(({ status }) => status === 'active')
    .map(({ id }) => id);
  if (!active.includes(accountId)) throw new AppError('auth.session_over');
  assertThat(accountId !== otherId && active.includes(otherId), 'chat.person_not_found');
}

const BLOCKS = statement<{ accountId: string }>(
  `SELECT account_id AS "accountId" FROM blocks
   WHERE account_id = $1 AND blocked_id = $2 OR account_id = $2 AND blocked_id = $1 LIMIT 1`,
  { accountId: uuid },
);

/** @throws AppError `chat.blocked` when one of the two has blocked the other */
export async function refuseBlocked(
  transaction: Transaction,
  accountId: string,
  otherId: string,
): Promise<void> {
  assertThat(!(await row(transaction, BLOCKS, [accountId, otherId])), 'chat.blocked');
}

const IS_BLOCKED = statement<{ isBlocked: boolean }>(
  `SELECT EXISTS (
     SELECT 1 FROM room_members m JOIN blocks b
       ON b.account_id = $2 AND b.blocked_id = m.account_id OR b.account_id = m.account_id AND b.blocked_id = $2
     WHERE m.room_id = $1) AS "isBlocked"`,
  { isBlocked: boolean },
);

/** Whether this is the direct room of two people of whom one has blocked the other. */
export async function isBlockedRoom(
  transaction: Transaction,
  { id, kind }: Pick<RoomAccess, 'id' | 'kind'>,
  accountId: string,
): Promise<boolean> {
  return kind === 'direct' && (await row(transaction, IS_BLOCKED, [id, accountId]))!.isBlocked;
}

/** @throws AppError `chat.blocked` in the direct room of two people of whom one has blocked the other */
export async function refuseBlockedRoom(
  transaction: Transaction,
  room: Pick<RoomAccess, 'id' | 'kind'>,
  accountId: string,
): Promise<void> {
  assertThat(!(await isBlockedRoom(transaction, room, accountId)), 'chat.blocked');
}
