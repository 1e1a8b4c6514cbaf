import type { AccountStatus } from '../auth/account';
import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { lockAccount } from '../auth/lock-account';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from './audited';
import { lockStaff, refuseLastAdmin } from './last-admin';

const SET_STATUS = statement('UPDATE accounts SET status = $2 WHERE id = $1');

/**
 * Blocks an account: it is signed out everywhere and does not sign in again. An account that is blocked stays so.
 *
 * @throws AppError `account.not_found`, `staff.not_yourself`, `staff.last_admin`, `auth.session_over`
 */
export async function blockAccount(transaction: Transaction, actor: Actor, accountId: string): Promise<void> {
  assertThat(accountId !== actor.accountId, 'staff.not_yourself');
  await lockStaff(transaction);
  const status = await requireAccount(transaction, accountId);
  await refuseLastAdmin(transaction, accountId);
  if (status === 'active') {
    await rows(transaction, SET_STATUS, [accountId, 'blocked']);
    await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.blocked', payload: {} });
    await endSessions(transaction, { accountId, reason: 'blocked' });
  }
  await audited(transaction, actor, { action: 'account.block', object: { type: 'account', id: accountId } });
}

/** @throws AppError `account.not_found`, `auth.session_over` */
export async function unblockAccount(
  transaction: Transaction,
  actor: Actor,
  accountId: string,
): Promise<void> {
  await lockStaff(transaction);
  if ((await requireAccount(transaction, accountId)) === 'blocked') {
    await rows(transaction, SET_STATUS, [accountId, 'active']);
    await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.unblocked', payload: {} });
  }
  await audited(transaction, actor, {
    action: 'account.unblock',
    object: { type: 'account', id: accountId },
  });
}

/**
 * Signs an account out everywhere, say for somebody who has lost a phone.
 *
 * @throws AppError `account.not_found`, `auth.session_over`
 */
export async function endAccountSessions(
  transaction: Transaction,
  actor: Actor,
  accountId: string,
): Promise<void> {
  await lockStaff(transaction);
  await requireAccount(transaction, accountId);
  // First, because the sessions may be the actor's own.
  await audited(transaction, actor, {
    action: 'account.end_sessions',
    object: { type: 'account', id: accountId },
  });
  await endSessions(transaction, { accountId, reason: 'ended_elsewhere' });
}

async function requireAccount(transaction: Transaction, accountId: string): Promise<AccountStatus> {
  const account = await lockAccount(transaction, accountId);
  // An erased one is none.
  assertThat(account && account.status !== 'erased', 'account.not_found');
  return account.status;
}
