import { enrolFactor, type EnrolledFactor } from '../../entities/auth/enrol-factor';
import {
  confirmAndSignIn,
  requireStaff,
  signInWithFactor,
  type ProvedNumber,
  type SignedInWithFactor,
} from '../../entities/auth/sign-in-with-factor';
import type { JoinedCart } from '../../entities/carts/join-cart';
import { AppError, assertThat } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { clientKeyOf } from '../../platform/client-address';
import { withTransaction } from '../../platform/transaction';
import { joinBroughtCart, type BroughtCart } from '../carts/brought-cart';
import type { Dependencies } from '../dependencies';
import type { DeliveredSession } from './deliver-session';
import { typedFactor, type ConfirmFactorInput, type SecondFactorInput } from './factor.input';
import { readSecondFactorToken } from './second-factor-token';

export type FactorDependencies = Pick<
  Dependencies,
  'authenticators' | 'checkoutConfig' | 'database' | 'keyedHash' | 'tokens'
>;

/** Where a second factor is shown, and the cart that is brought along. */
export interface ShownFrom {
  readonly clientAddress: string;
  readonly broughtCart: BroughtCart | undefined;
}

/** A staff session, and what became of the cart that was brought along. */
export interface SignedInStaff {
  readonly session: DeliveredSession;
  readonly cart: JoinedCart | null;
}

/**
 * Opens a staff session with the second factor.
 *
 * @throws AppError `auth.factor_wrong`, `auth.code_over`, `auth.guesses_too_many`, `auth.factor_missing`, `auth.account_blocked`
 */
export function showFactor(
  dependencies: FactorDependencies,
  input: SecondFactorInput,
  from: ShownFrom,
): Promise<SignedInStaff> {
  const typed = typedFactor(input);
  return open(dependencies, input, from, (transaction, device) =>
    signInWithFactor(transaction, { ...device, typed }),
  );
}

/**
 * Confirms the enrolled factor and opens a staff session.
 *
 * @throws AppError `auth.factor_wrong`, `auth.code_over`, `auth.guesses_too_many`, `auth.factor_exists`, `auth.account_blocked`
 */
export function showFirstCode(
  dependencies: FactorDependencies,
  input: ConfirmFactorInput,
  from: ShownFrom,
): Promise<SignedInStaff> {
  const { code } = input;
  return open(dependencies, input, from, (transaction, device) =>
    confirmAndSignIn(transaction, { ...device, code }),
  );
}

/**
 * Gives an invited person a second factor, which counts once it is confirmed.
 *
 * @throws AppError `auth.code_over`, `auth.factor_exists`, `auth.account_blocked`
 */
export function enrol(
  { authenticators, database, tokens }: FactorDependencies,
  token: string,
): Promise<EnrolledFactor> {
  const { accountId } = provedNumber(tokens, token);
  return withTransaction(database, async (transaction) => {
    const { hasFactor } = await requireStaff(transaction, accountId);
    assertThat(!hasFactor, 'auth.factor_exists');
    return enrolFactor(transaction, { accountId, authenticators });
  });
}

/** The refusal of a wrong second factor, with how often one may still be tried. */
export function wrongFactor(attemptsLeft: number): AppError {
  return new AppError('auth.factor_wrong', { attemptsLeft });
}

/** A wrong factor is refused after the transaction, so that the try is counted. */
async function open(
  dependencies: FactorDependencies,
  { token, deviceLabel, cart: mode }: Pick<ConfirmFactorInput, 'token' | 'deviceLabel' | 'cart'>,
  { clientAddress, broughtCart }: ShownFrom,
  signIn: (transaction: Transaction, device: Device) => Promise<SignedInWithFactor>,
): Promise<SignedInStaff> {
  const { authenticators, database, keyedHash, tokens } = dependencies;
  const proved = provedNumber(tokens, token);
  const { accountId } = proved;
  const device = { ...proved, authenticators, deviceLabel, clientKey: clientKeyOf(keyedHash, clientAddress) };
  const { signedIn, cart } = await withTransaction(database, async (transaction) => {
    const judged = await signIn(transaction, device);
    if (judged.verdict === 'wrong') return { signedIn: judged, cart: null };
    const customer = { accountId, mode };
    return {
      signedIn: judged,
      cart: await joinBroughtCart(transaction, dependencies, broughtCart, customer),
    };
  });
  if (signedIn.verdict === 'wrong') throw wrongFactor(signedIn.attemptsLeft);
  const { sessionId, generation } = signedIn;
  return { session: { accountId, sessionId, generation, kind: 'staff' }, cart };
}

interface Device extends ProvedNumber {
  readonly authenticators: Dependencies['authenticators'];
  readonly deviceLabel: string;
  readonly clientKey: string;
}

function provedNumber(tokens: Dependencies['tokens'], token: string): ProvedNumber {
  const proved = readSecondFactorToken(tokens, token);
  assertThat(proved, 'auth.code_over');
  return proved;
}
