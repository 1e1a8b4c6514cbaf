import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { retireFactors } from '../auth/enrol-factor';
import { lockAccount } from '../auth/lock-account';
import type { StaffRole } from '../auth/policy';
import { recordEvents } from '../events/record-events';
import { boolean, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from './audited';
import { lockStaff, refuseLastAdmin } from './last-admin';
import { readStaffMember } from './staff-member';

const TAKE = statement<{ role: StaffRole }>(
  'DELETE FROM account_roles WHERE account_id = $1 AND ($2::varchar IS NULL OR role = $2) RETURNING role',
  { role: text },
);
const HAS_ROLE = statement<{ hasRole: boolean }>(
  'SELECT EXISTS (SELECT FROM account_roles WHERE account_id = $1) AS "hasRole"',
  { hasRole: boolean },
);

/**
 * Takes a role from somebody, or all of them, which is a dismissal. The person is signed out everywhere. Who has no role left keeps
 * no second factor either.
 *
 * @param role null for all
 * @throws AppError `staff.not_found`, `staff.last_admin`, `auth.session_over`
 */
export async function takeRoles(
  transaction: Transaction,
  actor: Actor,
  { accountId, role }: { readonly accountId: string; readonly role: StaffRole | null },
): Promise<void> {
  await lockStaff(transaction);
  await lockAccount(transaction, accountId);
  await readStaffMember(transaction, accountId);
  if (role === null || role === 'admin') await refuseLastAdmin(transaction, accountId);
  // First, because who steps down ends the own session.
  await audited(transaction, actor, {
    action: role === null ? 'staff.dismiss' : 'role.take',
    object: { type: 'account', id: accountId },
    details: role === null ? {} : { role },
  });
  const taken = await rows(transaction, TAKE, [accountId, role]);
  if (taken.length === 0) return;
  await recordEvents(
    transaction,
    ACCOUNT,
    accountId,
    ...taken.map((it) => ({ type: 'account.role_taken' as const, payload: { role: it.role } })),
  );
  await endSessions(transaction, { accountId, reason: 'role_lost' });
  const { hasRole } = (await row(transaction, HAS_ROLE, [accountId]))!;
  if (!hasRole) await retireFactors(transaction, accountId);
}
