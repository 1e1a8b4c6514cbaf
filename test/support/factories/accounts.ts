import type { DataSource } from 'typeorm';

import { findOrCreateAccount } from '../../../entities/auth/find-or-create-account';
import { openSession, type OpenSession } from '../../../entities/auth/open-session';
import { withTransaction } from '../../../platform/transaction';
import { row } from '../sql';
import { buildFactor, giveRoles } from './factors';
import { buildPhone } from './phone';
import { buildUsedCode } from './verifications';

/** A person who has signed in. */
export async function buildAccount(
  database: DataSource,
  phone = buildPhone(),
): Promise<{ id: string; phone: string }> {
  const { accountId } = await withTransaction(database, (transaction) =>
    findOrCreateAccount(transaction, phone),
  );
  return { id: accountId, phone };
}

/** A device on which somebody is signed in, of a new person unless told. Staff get a role and a second factor unless they have them. */
export async function buildSession(
  database: DataSource,
  { kind = 'customer', ...overrides }: Partial<Omit<OpenSession, 'factorId'>> = {},
): Promise<{ sessionId: string; generation: number; accountId: string }> {
  const accountId = overrides.accountId ?? (await buildAccount(database)).id;
  const verificationId = overrides.verificationId ?? (await buildUsedCode(database));
  const proof = kind === 'staff' ? { kind, factorId: await factorOf(database, accountId) } : { kind };
  const opened = await withTransaction(database, (transaction) =>
    openSession(transaction, {
      deviceLabel: 'Firefox on Linux',
      clientKey: 'c'.repeat(64),
      ...overrides,
      accountId,
      verificationId,
      ...proof,
    }),
  );
  return { ...opened, accountId };
}

async function factorOf(database: DataSource, accountId: string): Promise<string> {
  const known = await row<{ role: string | null; factorId: string | null }>(
    database.manager,
    `SELECT (SELECT min(role) FROM account_roles WHERE account_id = $1) AS role,
       (SELECT id FROM factors WHERE account_id = $1 AND confirmed_at IS NOT NULL AND retired_at IS NULL) AS "factorId"`,
    [accountId],
  );
  if (!known?.role) await giveRoles(database, accountId, ['support']);
  return known?.factorId ?? (await buildFactor(database, accountId)).factorId;
}
