import { AppError } from '../errors';
import { boolean, integer, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { AccountStatus } from './account';
import type { Authenticators } from './authenticators';
import { checkFactor, type TypedFactor } from './check-factor';
import { confirmFactor } from './enrol-factor';
import { lockAccount } from './lock-account';
import { openSession } from './open-session';
import { FACTOR_ATTEMPTS_AT_MOST } from './verification';

/** Somebody whose right code was used and who works for the shop. */
export interface ProvedNumber {
  readonly verificationId: string;
  readonly accountId: string;
}

export interface SignInWithFactor extends ProvedNumber {
  readonly typed: TypedFactor;
  readonly authenticators: Authenticators;
  readonly deviceLabel: string;
  readonly clientKey: string;
}

/** A wrong factor is returned, so that the try is counted. */
export type SignedInWithFactor =
  | { readonly verdict: 'signed_in'; readonly sessionId: string; readonly generation: number }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number };

/** Has tries of several at once wait for each other here, so that all of them are counted. */
const COUNT_TRY = statement<{ tries: number }>(
  `UPDATE verifications v SET factor_attempts = v.factor_attempts + 1
   WHERE v.id = $1 AND v.purpose = 'sign_in' AND v.used_at IS NOT NULL AND v.factor_attempts < $2
     AND NOT EXISTS (SELECT FROM sessions s WHERE s.verification_id = v.id)
   RETURNING v.factor_attempts AS tries`,
  { tries: integer },
);

const STANDING = statement<{ status: AccountStatus; hasRole: boolean; hasFactor: boolean }>(
  `SELECT a.status, EXISTS (SELECT FROM account_roles WHERE account_id = a.id) AS "hasRole",
     EXISTS (SELECT FROM factors WHERE account_id = a.id AND confirmed_at IS NOT NULL AND retired_at IS NULL)
       AS "hasFactor"
   FROM accounts a WHERE a.id = $1`,
  { status: text, hasRole: boolean, hasFactor: boolean },
);

/**
 * Whether the person who has proved a number has a confirmed factor. The account stays locked.
 *
 * @throws AppError `auth.code_over` for somebody who does not work for the shop any more; `auth.account_blocked`
 */
export async function requireStaff(
  transaction: Transaction,
  accountId: string,
): Promise<{ readonly hasFactor: boolean }> {
  await lockAccount(transaction, accountId);
  const standing = await row(transaction, STANDING, [accountId]);
  if (!standing?.hasRole) throw new AppError('auth.code_over');
  if (standing.status !== 'active') throw new AppError('auth.account_blocked');
  return { hasFactor: standing.hasFactor };
}

/**
 * Opens a staff session with the second factor, after the code. After as many tries as may be, the right one is refused too.
 *
 * @throws AppError `auth.code_over`, `auth.account_blocked`; `auth.factor_missing` for somebody who has to enrol first
 */
export async function signInWithFactor(
  transaction: Transaction,
  input: SignInWithFactor,
): Promise<SignedInWithFactor> {
  const tries = await countTry(transaction, input.verificationId);
  const { hasFactor } = await requireStaff(transaction, input.accountId);
  if (!hasFactor) throw new AppError('auth.factor_missing');
  const factorId = await checkFactor(transaction, input);
  return factorId === undefined ? wrong(tries) : open(transaction, input, factorId);
}

/**
 * Confirms the factor that somebody has just enrolled, with its first code, and opens a staff session.
 *
 * @throws AppError as {@link signInWithFactor}; `auth.factor_exists` where one is confirmed: who has one must show it
 */
export async function confirmAndSignIn(
  transaction: Transaction,
  { code, ...input }: Omit<SignInWithFactor, 'typed'> & { readonly code: string },
): Promise<SignedInWithFactor> {
  const tries = await countTry(transaction, input.verificationId);
  const { hasFactor } = await requireStaff(transaction, input.accountId);
  if (hasFactor) throw new AppError('auth.factor_exists');
  const factorId = await confirmFactor(transaction, { ...input, code });
  return factorId === undefined ? wrong(tries) : open(transaction, { ...input, typed: { code } }, factorId);
}

async function countTry(transaction: Transaction, verificationId: string): Promise<number> {
  const counted = await row(transaction, COUNT_TRY, [verificationId, FACTOR_ATTEMPTS_AT_MOST]);
  if (!counted) throw new AppError('auth.code_over');
  return counted.tries;
}

function wrong(tries: number): SignedInWithFactor {
  return { verdict: 'wrong', attemptsLeft: FACTOR_ATTEMPTS_AT_MOST - tries };
}

async function open(
  transaction: Transaction,
  { accountId, verificationId, deviceLabel, clientKey }: SignInWithFactor,
  factorId: string,
): Promise<SignedInWithFactor> {
  const session = await openSession(transaction, {
    accountId,
    verificationId,
    kind: 'staff',
    factorId,
    deviceLabel,
    clientKey,
  });
  return { verdict: 'signed_in', ...session };
}
