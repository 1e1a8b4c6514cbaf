import type { AccountStatus } from '../auth/account';
import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { readOwnedIds } from './owned-rows';
import { PERSONAL_DATA } from './personal-data';

const LOCK = statement<{ status: AccountStatus; hasRoles: boolean }>(
  `SELECT status, EXISTS (SELECT 1 FROM account_roles WHERE account_id = $1) AS "hasRoles"
   FROM accounts WHERE id = $1 FOR NO KEY UPDATE OF accounts`,
  { status: text, hasRoles: boolean },
);

const ERASURES = PERSONAL_DATA.flatMap(({ table, by, key, erasure }) => {
  if (erasure === 'leave') return [];
  const change = erasure === 'remove' ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${erasure.set}`;
  return [{ by, statement: statement(`${change} WHERE ${key} = ANY($1::uuid[])`) }];
});

/**
 * Erases everything that is personal, ends the sessions, and leaves the id, so that orders still belong to one customer. A
 * repetition changes nothing.
 *
 * @throws AppError `account.has_roles` for somebody of the staff, `auth.session_over` for an account that never was
 */
export async function eraseAccount(transaction: Transaction, accountId: string): Promise<void> {
  const account = await row(transaction, LOCK, [accountId]);
  if (!account) throw new AppError('auth.session_over');
  if (account.status === 'erased') return;
  assertThat(!account.hasRoles, 'account.has_roles');
  const ids = await readOwnedIds(transaction, accountId);
  await endSessions(transaction, { accountId, reason: 'erased' });
  for (const erasure of ERASURES) await rows(transaction, erasure.statement, [ids[erasure.by]]);
  await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.erased', payload: {} });
}
