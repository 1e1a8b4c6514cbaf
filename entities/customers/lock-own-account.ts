import { lockAccount } from '../auth/lock-account';
import { AppError } from '../errors';
import type { Transaction } from '../sql';

/**
 * Locks the account of somebody who changes something of their own, and returns its number.
 *
 * @throws AppError `auth.session_over` for one that is not active: its sessions have ended
 */
export async function lockOwnAccount(transaction: Transaction, accountId: string): Promise<string> {
  const account = await lockAccount(transaction, accountId);
  if (account?.status !== 'active' || account.phone === null) throw new AppError('auth.session_over');
  return account.phone;
}
