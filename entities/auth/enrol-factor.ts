import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { ACCOUNT } from './auth.events';
import type { Authenticators } from './authenticators';
import { checkFactor } from './check-factor';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes';

/** What a person gets to see once. */
export interface EnrolledFactor {
  readonly factorId: string;
  /** Of the authenticator. */
  readonly secret: Buffer;
  readonly recoveryCodes: readonly string[];
}

const FORGET_CODES = statement(
  `DELETE FROM recovery_codes WHERE factor_id IN (
     SELECT id FROM factors WHERE account_id = $1 AND confirmed_at IS NULL AND retired_at IS NULL)`,
);
const FORGET_PENDING = statement(
  'DELETE FROM factors WHERE account_id = $1 AND confirmed_at IS NULL AND retired_at IS NULL',
);
const INSERT = statement(
  `INSERT INTO factors (id, account_id, kind, secret, key_id) VALUES ($1, $2, 'totp', $3, $4)`,
);
const INSERT_CODES = statement('INSERT INTO recovery_codes (factor_id, hash) SELECT $1, unnest($2::bytea[])');

/**
 * Gives an account a new factor that counts once it is confirmed. One that was not confirmed before is forgotten: its answer may
 * have got lost. The caller has locked the account and knows that it may enrol.
 */
export async function enrolFactor(
  transaction: Transaction,
  { accountId, authenticators }: { readonly accountId: string; readonly authenticators: Authenticators },
): Promise<EnrolledFactor> {
  await rows(transaction, FORGET_CODES, [accountId]);
  await rows(transaction, FORGET_PENDING, [accountId]);
  const factorId = newId();
  const { secret, sealed, keyId } = authenticators.create(factorId);
  await rows(transaction, INSERT, [factorId, accountId, sealed, keyId]);
  const recoveryCodes = newRecoveryCodes();
  await rows(transaction, INSERT_CODES, [factorId, recoveryCodes.map(recoveryCodeHash)]);
  return { factorId, secret, recoveryCodes };
}

const CONFIRM = statement<{ id: string }>(
  `UPDATE factors SET confirmed_at = now()
   WHERE account_id = $1 AND confirmed_at IS NULL AND retired_at IS NULL RETURNING id`,
  { id: uuid },
);

/**
 * Lets the enrolled factor count, after its first right code. Undefined for a wrong one.
 *
 * @param before what to do between the right code and the confirmation: an account has one confirmed factor at most
 */
export async function confirmFactor(
  transaction: Transaction,
  {
    accountId,
    code,
    authenticators,
  }: { readonly accountId: string; readonly code: string; readonly authenticators: Authenticators },
  before?: (transaction: Transaction, accountId: string) => Promise<void>,
): Promise<string | undefined> {
  const shown = await checkFactor(transaction, {
    accountId,
    typed: { code },
    authenticators,
    state: 'pending',
  });
  if (shown === undefined) return undefined;
  await before?.(transaction, accountId);
  return confirmUnshown(transaction, accountId);
}

/** {@link confirmFactor} without a code, for the first admin: who may write the rows needs to prove nothing. */
export async function confirmUnshown(transaction: Transaction, accountId: string): Promise<string> {
  const confirmed = await row(transaction, CONFIRM, [accountId]);
  if (!confirmed) throw new AppError('auth.factor_missing');
  await recordEvents(transaction, ACCOUNT, accountId, {
    type: 'account.factor_confirmed',
    payload: { factorId: confirmed.id },
  });
  return confirmed.id;
}

const RETIRE_CODES = statement(
  `DELETE FROM recovery_codes WHERE factor_id IN (SELECT id FROM factors WHERE account_id = $1)`,
);
const RETIRE = statement<{ id: string }>(
  `UPDATE factors SET retired_at = now(), secret = NULL WHERE account_id = $1 AND retired_at IS NULL RETURNING id`,
  { id: uuid },
);

/** Takes all factors and recovery codes from an account, with their secrets. Returns whether there was one. */
export async function retireFactors(transaction: Transaction, accountId: string): Promise<boolean> {
  await rows(transaction, RETIRE_CODES, [accountId]);
  return (await rows(transaction, RETIRE, [accountId])).length > 0;
}

const RETIRE_CODES_OF_CONFIRMED = statement(
  `DELETE FROM recovery_codes WHERE factor_id IN (
     SELECT id FROM factors WHERE account_id = $1 AND confirmed_at IS NOT NULL)`,
);
const RETIRE_CONFIRMED = statement(
  `UPDATE factors SET retired_at = now(), secret = NULL
   WHERE account_id = $1 AND confirmed_at IS NOT NULL AND retired_at IS NULL`,
);

/** Takes the working factor and its recovery codes from an account, with their secrets, and leaves the one that was enrolled. */
export async function retireConfirmedFactor(transaction: Transaction, accountId: string): Promise<void> {
  await rows(transaction, RETIRE_CODES_OF_CONFIRMED, [accountId]);
  await rows(transaction, RETIRE_CONFIRMED, [accountId]);
}
