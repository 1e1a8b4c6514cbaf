import type { Authenticators } from '../auth/authenticators';
import { confirmUnshown, enrolFactor, type EnrolledFactor } from '../auth/enrol-factor';
import { findOrCreateAccount } from '../auth/find-or-create-account';
import { lockNumbers } from '../auth/lock-numbers';
import type { Transaction } from '../sql';
import { giveRole } from './grant-role';
import { hasAdmin, lockStaff } from './last-admin';
import { dropFactor } from './replace-factor';

export interface CreateAdmin {
  /** E.164. */
  readonly phone: string;
  /** Whether there may be an admin already. */
  readonly another: boolean;
  readonly authenticators: Authenticators;
}

export type CreatedAdmin =
  | ({ readonly kind: 'created'; readonly accountId: string } & EnrolledFactor)
  | { readonly kind: 'exists' | 'blocked' };

/**
 * Makes the person with a number an admin, with a second factor that counts at once: whoever runs this can write the rows anyway,
 * so that a first code would prove nothing. A factor that the person had is replaced.
 */
export async function createAdmin(
  transaction: Transaction,
  { phone, another, authenticators }: CreateAdmin,
): Promise<CreatedAdmin> {
  await lockStaff(transaction);
  if (!another && (await hasAdmin(transaction))) return { kind: 'exists' };
  await lockNumbers(transaction, [phone]);
  const { accountId, status } = await findOrCreateAccount(transaction, phone);
  if (status !== 'active') return { kind: 'blocked' };
  await dropFactor(transaction, accountId);
  await giveRole(transaction, { accountId, role: 'admin', grantedBy: null });
  const enrolled = await enrolFactor(transaction, { accountId, authenticators });
  await confirmUnshown(transaction, accountId);
  return { kind: 'created', accountId, ...enrolled };
}
