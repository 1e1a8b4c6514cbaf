import { ACCOUNT } from '../auth/auth.events';
import { findOrCreateAccount } from '../auth/find-or-create-account';
import { lockAccount } from '../auth/lock-account';
import { lockNumbers } from '../auth/lock-numbers';
import type { StaffRole } from '../auth/policy';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from './audited';
import { lockStaff } from './last-admin';
import { readStaffMember, type StaffMember } from './staff-member';

const GRANT = statement<{ accountId: string }>(
  `INSERT INTO account_roles (account_id, role, granted_by) VALUES ($1, $2, $3)
   ON CONFLICT DO NOTHING RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/** Gives an account a role, once. It counts as soon as its person has a confirmed second factor. */
export async function giveRole(
  transaction: Transaction,
  { accountId, role, grantedBy }: { accountId: string; role: StaffRole; grantedBy: string | null },
): Promise<void> {
  const given = await row(transaction, GRANT, [accountId, role, grantedBy]);
  if (!given) return;
  await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.role_granted', payload: { role } });
}

/**
 * Invites the person with a number to work for the shop. Who has no account yet gets one. The answer does not tell which it was.
 *
 * @param phone E.164
 * @throws AppError `staff.not_yourself`, `auth.session_over`
 */
export async function inviteStaff(
  transaction: Transaction,
  actor: Actor,
  { phone, role }: { readonly phone: string; readonly role: StaffRole },
): Promise<StaffMember> {
  await lockStaff(transaction);
  await lockNumbers(transaction, [phone]);
  const { accountId } = await findOrCreateAccount(transaction, phone);
  assertThat(accountId !== actor.accountId, 'staff.not_yourself');
  await giveRole(transaction, { accountId, role, grantedBy: actor.accountId });
  await audited(transaction, actor, {
    action: 'staff.invite',
    object: { type: 'account', id: accountId },
    details: { role },
  });
  return readStaffMember(transaction, accountId);
}

/**
 * Gives somebody who works for the shop a further role.
 *
 * @throws AppError `staff.not_found`, `staff.not_yourself`, `auth.session_over`
 */
export async function grantRole(
  transaction: Transaction,
  actor: Actor,
  { accountId, role }: { readonly accountId: string; readonly role: StaffRole },
): Promise<StaffMember> {
  assertThat(accountId !== actor.accountId, 'staff.not_yourself');
  await lockStaff(transaction);
  await lockAccount(transaction, accountId);
  await readStaffMember(transaction, accountId);
  await giveRole(transaction, { accountId, role, grantedBy: actor.accountId });
  await audited(transaction, actor, {
    action: 'role.grant',
    object: { type: 'account', id: accountId },
    details: { role },
  });
  return readStaffMember(transaction, accountId);
}
