import type { AccountStatus } from '../auth/account';
import { AppError } from '../errors';
import { nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** The account's row comes before its sessions, addresses and changes. */
const LOCK = statement<{ status: AccountStatus; phone: string | null }>(
  'SELECT status, phone FROM accounts WHERE id = $1 FOR NO KEY UPDATE',
  { status: text, phone: nullable(text) },
);

/**
 * Has the changes of an account wait for each other, and returns its number.
 *
 * @throws AppError `auth.session_over` for one that is not active: its sessions have ended
 */
export async function lockAccount(transaction: Transaction, accountId: string): Promise<string> {
  const account = await row(transaction, LOCK, [accountId]);
  if (account?.status !== 'active' || account.phone === null) throw new AppError('auth.session_over');
  return account.phone;
}
