import { isDeepStrictEqual } from 'node:util';

import type { AccountStatus } from '../auth/account';
import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { lockNumbers } from '../auth/lock-numbers';
import { leaveAllRooms } from '../chat/leave-all-rooms';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { array, boolean, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { closeAllTickets } from '../support/close-all-tickets';
import { forgetCodes } from './forget-codes';
import { readOwnedIds } from './owned-rows';
import { PERSONAL_DATA } from './personal-data';

/** The numbers to which codes of the account may be on their way. */
const NUMBERS = statement<{ phones: string[] }>(
  `SELECT ARRAY(
     SELECT phone FROM accounts WHERE id = $1 AND phone IS NOT NULL
     UNION SELECT v.phone FROM number_changes n
       JOIN verifications v ON v.id IN (n.new_verification_id, n.old_verification_id) AND v.expires_at > now()
     WHERE n.account_id = $1
     ORDER BY 1
   ) AS phones`,
  { phones: array(text) },
);

/** Placing and joining orders take a key share of this row, so that they come before the erasure or after it. */
const LOCK = statement<{ status: AccountStatus }>('SELECT status FROM accounts WHERE id = $1 FOR UPDATE', {
  status: text,
});

/** A statement of its own: it sees what was committed while the lock was waited for. */
const HINDRANCES = statement<{ hasRoles: boolean; hasOpenOrder: boolean }>(
  `SELECT EXISTS (SELECT 1 FROM account_roles WHERE account_id = $1) AS "hasRoles",
     EXISTS (SELECT 1 FROM orders WHERE customer_id = $1 AND status = 'awaiting_payment') AS "hasOpenOrder"`,
  { hasRoles: boolean, hasOpenOrder: boolean },
);

/** Who tells them something, or marks it, holds the same lock: it comes before the erasure, which finds it, or changes nothing. */
const LOCK_BOXES = statement<{ id: string }>(
  'SELECT id FROM notification_boxes WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
  { id: uuid },
);

const ERASURES = PERSONAL_DATA.flatMap(({ table, by, key, erasure }) => {
  if (erasure === 'leave') return [];
  const change = erasure === 'remove' ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${erasure.set}`;
  return [{ by, statement: statement(`${change} WHERE ${key} = ANY($1::uuid[])`) }];
});

/**
 * Erases everything that is personal, ends the sessions, and leaves the id, so that orders still belong to one customer. A
 * repetition changes nothing. The codes of the last day count for the limits of their numbers until that day is over. A message
 * with a code is stored before the erasure, which finds it, or not at all.
 *
 * @throws AppError `account.has_roles` for somebody of the staff, `account.order_open` while an order awaits payment,
 *   `auth.session_over` for an account that never was, `service.unavailable` while its number changes
 */
export async function eraseAccount(transaction: Transaction, accountId: string): Promise<void> {
  const phones = await readNumbers(transaction, accountId);
  await lockNumbers(transaction, phones);
  const account = await row(transaction, LOCK, [accountId]);
  if (!account) throw new AppError('auth.session_over');
  if (account.status === 'erased') return;
  assertThat(isDeepStrictEqual(await readNumbers(transaction, accountId), phones), 'service.unavailable');
  const { hasRoles, hasOpenOrder } = (await row(transaction, HINDRANCES, [accountId]))!;
  assertThat(!hasRoles, 'account.has_roles');
  assertThat(!hasOpenOrder, 'account.order_open');
  const { box } = await readOwnedIds(transaction, accountId);
  await rows(transaction, LOCK_BOXES, [box]);
  // A statement of its own: it sees what was committed while the locks were waited for.
  const ids = await readOwnedIds(transaction, accountId);
  await endSessions(transaction, { accountId, reason: 'erased' });
  await leaveAllRooms(transaction, accountId);
  await closeAllTickets(transaction, accountId, new Date());
  for (const erasure of ERASURES) await rows(transaction, erasure.statement, [ids[erasure.by]]);
  await forgetCodes(transaction);
  await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.erased', payload: {} });
}

async function readNumbers(transaction: Transaction, accountId: string): Promise<readonly string[]> {
  return (await row(transaction, NUMBERS, [accountId]))!.phones;
}
