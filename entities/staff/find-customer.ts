import type { AccountStatus } from '../auth/account';
import { instant, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from './audited';

/** An account as staff see it. */
export interface FoundCustomer {
  readonly accountId: string;
  /** E.164. */
  readonly phone: string;
  readonly status: AccountStatus;
  readonly createdAt: Date;
}

const FIND = statement<FoundCustomer>(
  `SELECT id AS "accountId", phone, status, created_at AS "createdAt" FROM accounts WHERE phone = $1`,
  { accountId: uuid, phone: text, status: text, createdAt: instant },
);

/**
 * The account with exactly this number; undefined without one. That somebody asked is recorded, without the number.
 *
 * @param phone E.164
 * @throws AppError `auth.session_over`
 */
export async function findCustomer(
  transaction: Transaction,
  actor: Actor,
  phone: string,
): Promise<FoundCustomer | undefined> {
  const found = await row(transaction, FIND, [phone]);
  await audited(transaction, actor, {
    action: 'customer.find',
    object: { type: 'account', id: found?.accountId ?? null },
  });
  return found;
}
