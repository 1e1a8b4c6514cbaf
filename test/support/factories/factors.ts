import type { DataSource } from 'typeorm';

import { confirmUnshown, enrolFactor } from '../../../entities/auth/enrol-factor';
import type { StaffRole } from '../../../entities/auth/policy';
import { createAuthenticators } from '../../../platform/authenticators';
import { FactorConfig } from '../../../platform/config/auth';
import { totpOf, totpStepAt } from '../../../platform/totp';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';

/** Those of a shop with the settings of a development. */
export const AUTHENTICATORS = createAuthenticators(new FactorConfig().factorKeys);

/** What somebody has who works for the shop. */
export interface BuiltFactor {
  readonly factorId: string;
  readonly recoveryCodes: readonly string[];
  /** What the authenticator shows so many steps of 30 s from now. */
  readonly code: (stepsFromNow?: number) => string;
}

/** A confirmed factor of an account. */
export async function buildFactor(
  database: DataSource,
  accountId: string,
  authenticators = AUTHENTICATORS,
): Promise<BuiltFactor> {
  const { factorId, secret, recoveryCodes } = await withTransaction(database, async (transaction) => {
    const enrolled = await enrolFactor(transaction, { accountId, authenticators });
    await confirmUnshown(transaction, accountId);
    return enrolled;
  });
  return { factorId, recoveryCodes, code: authenticatorWith(secret) };
}

/** What an authenticator with this secret shows. */
export const authenticatorWith =
  (secret: Buffer) =>
  (stepsFromNow = 0): string =>
    totpOf(secret, totpStepAt(Date.now()) + stepsFromNow);

/** Gives an account roles, as if somebody had granted them. */
export const giveRoles = (database: DataSource, accountId: string, roles: readonly StaffRole[]) =>
  rows(
    database.manager,
    'INSERT INTO account_roles (account_id, role) SELECT $1, unnest($2::varchar[]) ON CONFLICT DO NOTHING',
    [accountId, roles],
  );
