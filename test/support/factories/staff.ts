import type { DataSource } from 'typeorm';

import type { StaffRole } from '../../../entities/auth/policy';
import type { Actor } from '../../../entities/staff/audited';
import { createAdmin } from '../../../entities/staff/create-admin';
import { inviteStaff } from '../../../entities/staff/grant-role';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { buildSession } from './accounts';
import { AUTHENTICATORS, authenticatorWith, buildFactor, type BuiltFactor } from './factors';
import { buildPhone } from './phone';

/** Somebody of the staff who is signed in: who acts, and the number and factor behind it. */
export interface BuiltStaff extends Actor, BuiltFactor {
  readonly phone: string;
}

/** An admin of the command, who is signed in. */
export async function buildAdmin(database: DataSource, phone = buildPhone()): Promise<BuiltStaff> {
  const created = await withTransaction(database, (transaction) =>
    createAdmin(transaction, { phone, another: true, authenticators: AUTHENTICATORS }),
  );
  if (created.kind !== 'created') throw new Error(`no admin was created: ${created.kind}`);
  const { accountId, factorId, secret, recoveryCodes } = created;
  const { sessionId } = await buildSession(database, { accountId, kind: 'staff' });
  const code = authenticatorWith(secret);
  return { accountId, sessionId, requestId: newId(), phone, factorId, recoveryCodes, code };
}

/** Somebody whom an admin has invited. There is no second factor yet. */
export async function buildInvited(
  database: DataSource,
  admin: Actor,
  role: StaffRole,
): Promise<{ readonly accountId: string; readonly phone: string }> {
  const phone = buildPhone();
  const { accountId } = await withTransaction(database, (transaction) =>
    inviteStaff(transaction, admin, { phone, role }),
  );
  return { accountId, phone };
}

/** Somebody whom an admin has invited, who has enrolled and is signed in. */
export async function buildStaff(database: DataSource, admin: Actor, role: StaffRole): Promise<BuiltStaff> {
  const { accountId, phone } = await buildInvited(database, admin, role);
  const factor = await buildFactor(database, accountId);
  const { sessionId } = await buildSession(database, { accountId, kind: 'staff' });
  return { accountId, sessionId, requestId: newId(), phone, ...factor };
}
