import type { Transaction } from '../sql';
import { checkVerification, type CheckVerification } from './check-verification';
import { findOrCreateAccount } from './find-or-create-account';
import { openSession } from './open-session';

/** A customer who has typed the code for signing in. */
export interface SignIn extends Omit<CheckVerification, 'purpose' | 'accountId'> {
  readonly deviceLabel: string;
  readonly clientKey: string;
}

/** Nothing is thrown once the code was tried, so that the try is committed. */
export type SignedIn =
  | {
      readonly verdict: 'signed_in';
      readonly accountId: string;
      readonly sessionId: string;
      readonly generation: number;
    }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number }
  | { readonly verdict: 'blocked' };

/**
 * Signs a customer in with a code. The first time creates the account.
 *
 * @throws AppError `auth.code_over`, `auth.guesses_too_many`
 */
export async function signIn(
  transaction: Transaction,
  { deviceLabel, clientKey, ...typed }: SignIn,
): Promise<SignedIn> {
  const checked = await checkVerification(transaction, { ...typed, purpose: 'sign_in', accountId: null });
  if (checked.verdict === 'wrong') return checked;
  const { accountId, status } = await findOrCreateAccount(transaction, typed.phone);
  if (status !== 'active') return { verdict: 'blocked' };
  const session = await openSession(transaction, {
    accountId,
    verificationId: typed.verificationId,
    kind: 'customer',
    deviceLabel,
    clientKey,
  });
  return { verdict: 'signed_in', accountId, ...session };
}
