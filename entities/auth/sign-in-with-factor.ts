import { AppError } from '../errors';
import { boolean, instant, integer, nullable, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { AccountStatus } from './account';
import type { Authenticators } from './authenticators';
import { checkFactor, type TypedFactor } from './check-factor';
import { confirmFactor } from './enrol-factor';
import { lockAccount } from './lock-account';
import { openSession } from './open-session';
import { FACTOR_ATTEMPTS_AT_MOST } from './verification';

/** Wrong second factors after all codes of a number. Six digits, three of which are right, stand 20 guesses a day for centuries. */
const WRONG_FACTORS_PER_DAY = 20;
const DAY_MS = 86_400_000;

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

/** Tries with all codes of a number wait for each other here, so that all of them are counted. It comes before locks of rows. */
const LOCK_NUMBER = statement(
  `WITH number AS MATERIALIZED (
     SELECT pg_advisory_xact_lock(hashtextextended('code-number:' || phone, 0)) FROM verifications WHERE id = $1
   ) SELECT FROM number`,
);

interface CountedTry {
  /** How often a factor was tried after this code, with this time; null when it cannot be tried any more. */
  readonly tries: number | null;
  /** Wrong tries of a day, after all codes of the number. */
  readonly wrong: number;
  /** When the oldest code of those tries was asked for. */
  readonly wrongSince: Date | null;
  readonly now: Date;
}

/** Who holds a number gets new codes all day, so the tries after one code are not all tries. */
const COUNT_TRY = statement<CountedTry>(
  `WITH day AS (
     SELECT v.created_at, v.factor_attempts - (s.id IS NOT NULL)::int AS wrong
     FROM verifications asked
       JOIN verifications v ON v.phone = asked.phone AND v.created_at > statement_timestamp() - interval '1 day'
       LEFT JOIN sessions s ON s.verification_id = v.id
     WHERE asked.id = $1 AND v.factor_attempts > (s.id IS NOT NULL)::int
   ), number AS (
     SELECT coalesce(sum(wrong), 0) AS wrong, min(created_at) AS since FROM day
   ), counted AS (
     UPDATE verifications v SET factor_attempts = v.factor_attempts + 1
     FROM number
     WHERE v.id = $1 AND v.purpose = 'sign_in' AND v.used_at IS NOT NULL AND v.factor_attempts < $2
       AND number.wrong < $3 AND NOT EXISTS (SELECT FROM sessions s WHERE s.verification_id = v.id)
     RETURNING v.factor_attempts AS tries
   )
   SELECT counted.tries, number.wrong, number.since AS "wrongSince", statement_timestamp() AS now
   FROM number LEFT JOIN counted ON true`,
  { tries: nullable(integer), wrong: integer, wrongSince: nullable(instant), now: instant },
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
 * @throws AppError `auth.code_over`, `auth.guesses_too_many`, `auth.account_blocked`; `auth.factor_missing` for somebody who has to
 *   enrol first
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
  await rows(transaction, LOCK_NUMBER, [verificationId]);
  const most = [FACTOR_ATTEMPTS_AT_MOST, WRONG_FACTORS_PER_DAY];
  const counted = (await row(transaction, COUNT_TRY, [verificationId, ...most]))!;
  if (counted.tries !== null) return counted.tries;
  const { wrong, wrongSince, now } = counted;
  if (wrong < WRONG_FACTORS_PER_DAY || !wrongSince) throw new AppError('auth.code_over');
  const waitMs = wrongSince.getTime() + DAY_MS - now.getTime();
  throw new AppError('auth.guesses_too_many', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });
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
