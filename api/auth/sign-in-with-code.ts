import { signIn, type SignedIn } from '../../entities/auth/sign-in';
import type { CartMode, JoinedCart } from '../../entities/carts/join-cart';
import { AppError } from '../../entities/errors';
import { clientKeyOf } from '../../platform/client-address';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { VerificationCalls } from '../../temporal/verification';
import { joinBroughtCart, type BroughtCart } from '../carts/brought-cart';
import type { Dependencies } from '../dependencies';
import { createAuthMetrics } from './auth-metrics';

/** What codes are checked with. */
export type CheckDependencies = Pick<
  Dependencies,
  'database' | 'keyedHash' | 'codePeppers' | 'codeLimits' | 'verifications' | 'metrics' | 'checkoutConfig'
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
  readonly broughtCart: BroughtCart | undefined;
  readonly cart: CartMode;
}

/** Who has signed in, or who has to show a second factor. */
export type SignedInWithCode = Extract<SignedIn, { readonly verdict: 'signed_in' | 'second_factor' }> & {
  /** What became of the cart that was brought along. */
  readonly cart: JoinedCart | null;
};

/**
 * Signs somebody in. What is refused is refused after its transaction, so that a wrong code is counted.
 *
 * @throws AppError `auth.code_wrong`, `auth.code_over`, `auth.guesses_too_many`, `auth.account_blocked`
 */
export async function signInWithCode(
  dependencies: CheckDependencies,
  { clientAddress, broughtCart, cart: mode, log, ...typed }: TypedCode,
): Promise<SignedInWithCode> {
  const { database, keyedHash, codePeppers, codeLimits, verifications, metrics } = dependencies;
  const { signedIn: count } = createAuthMetrics(metrics);
  const clientKey = clientKeyOf(keyedHash, clientAddress);
  const tried = { ...typed, clientKey, peppers: codePeppers, limits: codeLimits };
  const { signedIn, cart } = await withTransaction(database, async (transaction) => {
    const judged = await signIn(transaction, tried);
    if (judged.verdict !== 'signed_in') return { signedIn: judged, cart: null };
    const customer = { accountId: judged.accountId, mode };
    return {
      signedIn: judged,
      cart: await joinBroughtCart(transaction, dependencies, broughtCart, customer),
    };
  }).catch((error: unknown) => {
    count(error instanceof AppError ? error.code : 'failed');
    throw error;
  });
  count(signedIn.verdict);
  if (signedIn.verdict === 'wrong') throw wrongCode(signedIn.attemptsLeft);
  await endUsedCodes(verifications, [typed.verificationId], log);
  if (signedIn.verdict === 'blocked') throw new AppError('auth.account_blocked');
  return { ...signedIn, cart };
}

/**
 * Tells the workflows of codes that these were used. Nothing depends on it: a workflow that is not told reads the row when the
 * code expires.
 */
export async function endUsedCodes(
  verifications: VerificationCalls,
  verificationIds: readonly string[],
  log: Logger,
): Promise<void> {
  const told = verificationIds.map((verificationId) =>
    verifications.used(verificationId).catch((error: unknown) => {
      log.warn({ err: error }, 'the workflow of a code could not be told that it was used');
    }),
  );
  await Promise.all(told);
}

/** The refusal of a wrong code, with how often it may still be tried. */
export function wrongCode(attemptsLeft: number): AppError {
  return new AppError('auth.code_wrong', { attemptsLeft });
}
