import { nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { AccountStatus } from './account';

/** An account whose row this transaction has locked. */
export interface LockedAccount {
  readonly status: AccountStatus;
  /** E.164; null for an erased one. */
  readonly phone: string | null;
}

const LOCK = statement<LockedAccount>('SELECT status, phone FROM accounts WHERE id = $1 FOR NO KEY UPDATE', {
  status: text,
  phone: nullable(text),
});

/**
 * Locks an account for the rest of the transaction, so that no session opens or ends and nothing else of the account changes
 * meanwhile. Its row comes before those of its sessions, addresses, changes and carts. A statement of its own: those after it see
 * the changes that it has waited for.
 *
 * @returns undefined where there is no such account
 */
export async function lockAccount(
  transaction: Transaction,
  accountId: string,
): Promise<LockedAccount | undefined> {
  return row(transaction, LOCK, [accountId]);
}
