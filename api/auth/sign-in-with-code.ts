import { signIn, type SignedIn } from '../../entities/auth/sign-in';
import { AppError } from '../../entities/errors';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import { clientKeyOf } from '../client-address';
import type { Dependencies } from '../dependencies';
import { createAuthMetrics } from './auth-metrics';

/** What codes are checked with. */
export type CheckDependencies = Pick<
  Dependencies,
  'database' | 'keyedHash' | 'codePeppers' | 'codeLimits' | 'verifications' | 'metrics'
>;

/** A code that somebody has typed for signing in. */
export interface TypedCode {
  readonly verificationId: string;
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  readonly deviceLabel: string;
  readonly clientAddress: string;
  readonly log: Logger;
}

/** Who has signed in, or who has to show a second factor. */
export type SignedInWithCode = Extract<SignedIn, { readonly verdict: 'signed_in' | 'second_factor' }>;

/**
 * Signs somebody in. What is refused is refused after its transaction, so that a wrong code is counted.
 *
 * @throws AppError `auth.code_wrong`, `auth.code_over`, `auth.guesses_too_many`, `auth.account_blocked`
 */
export async function signInWithCode(
  { database, keyedHash, codePeppers, codeLimits, verifications, metrics }: CheckDependencies,
  { clientAddress, log, ...typed }: TypedCode,
): Promise<SignedInWithCode> {
  const { signedIn: count } = createAuthMetrics(metrics);
  const clientKey = clientKeyOf(keyedHash, clientAddress);
  const tried = { ...typed, clientKey, peppers: codePeppers, limits: codeLimits };
  const signedIn = await withTransaction(database, (transaction) => signIn(transaction, tried)).catch(
    (error: unknown) => {
      count(error instanceof AppError ? error.code : 'failed');
      throw error;
    },
  );
  count(signedIn.verdict);
  if (signedIn.verdict === 'wrong') throw wrongCode(signedIn.attemptsLeft);
  // Nothing depends on it: a workflow that is not told reads the row when the code expires.
  await verifications.used(typed.verificationId).catch((error: unknown) => {
    log.warn({ err: error }, 'the workflow of a code could not be told that it was used');
  });
  if (signedIn.verdict === 'blocked') throw new AppError('auth.account_blocked');
  return signedIn;
}

/** The refusal of a wrong code, with how often it may still be tried. */
export function wrongCode(attemptsLeft: number): AppError {
  return new AppError('auth.code_wrong', { attemptsLeft });
}
