import { boolean } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
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
  /** The account has a role. The code was right and is used, but a session needs a second factor. */
  | { readonly verdict: 'second_factor'; readonly accountId: string }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number }
  | { readonly verdict: 'blocked' };

const HAS_ROLE = statement<{ hasRole: boolean }>(
  'SELECT EXISTS (SELECT FROM account_roles WHERE account_id = $1) AS "hasRole"',
  { hasRole: boolean },
);

/**
 * Signs a customer in with a code. The first time creates the account. Who works for the shop gets no session by a code alone.
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
  const { hasRole } = (await row(transaction, HAS_ROLE, [accountId]))!;
  if (hasRole) return { verdict: 'second_factor', accountId };
  const session = await openSession(transaction, {
    accountId,
    verificationId: typed.verificationId,
    kind: 'customer',
    deviceLabel,
    clientKey,
  });
  return { verdict: 'signed_in', accountId, ...session };
}
