import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { retireFactors } from '../auth/enrol-factor';
import { lockAccount } from '../auth/lock-account';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import type { Transaction } from '../sql';
import { audited, type Actor } from './audited';
import { lockStaff, refuseLastAdmin } from './last-admin';
import { readStaffMember } from './staff-member';

/**
 * Takes the lost second factor of somebody away, with its recovery codes. The person is signed out everywhere and enrols another
 * one at the next sign-in.
 *
 * @throws AppError `staff.not_found`, `staff.not_yourself`, `staff.last_admin`, `auth.session_over`
 */
export async function replaceFactor(
  transaction: Transaction,
  actor: Actor,
  accountId: string,
): Promise<void> {
  assertThat(accountId !== actor.accountId, 'staff.not_yourself');
  await lockStaff(transaction);
  await lockAccount(transaction, accountId);
  await readStaffMember(transaction, accountId);
  await refuseLastAdmin(transaction, accountId);
  await dropFactor(transaction, accountId);
  await audited(transaction, actor, { action: 'factor.replace', object: { type: 'account', id: accountId } });
}

/** Retires the factors of an account and ends its sessions, which they have opened. The caller has locked the account. */
export async function dropFactor(transaction: Transaction, accountId: string): Promise<void> {
  if (!(await retireFactors(transaction, accountId))) return;
  await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.factor_replaced', payload: {} });
  await endSessions(transaction, { accountId, reason: 'factor_lost' });
}
