import type { DataSource } from 'typeorm';

import { findOrCreateAccount } from '../../../entities/auth/find-or-create-account';
import { openSession, type OpenSession } from '../../../entities/auth/open-session';
import { withTransaction } from '../../../platform/transaction';
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

/** A device on which somebody is signed in, of a new person unless told. */
export async function buildSession(
  database: DataSource,
  overrides: Partial<OpenSession> = {},
): Promise<{ sessionId: string; generation: number; accountId: string }> {
  const accountId = overrides.accountId ?? (await buildAccount(database)).id;
  const verificationId = overrides.verificationId ?? (await buildUsedCode(database));
  const opened = await withTransaction(database, (transaction) =>
    openSession(transaction, {
      accountId,
      verificationId,
      kind: 'customer',
      deviceLabel: 'Firefox on Linux',
      clientKey: 'c'.repeat(64),
      ...overrides,
    }),
  );
  return { ...opened, accountId };
}
