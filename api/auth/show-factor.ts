import { enrolFactor, type EnrolledFactor } from '../../entities/auth/enrol-factor';
import {
  confirmAndSignIn,
  requireStaff,
  signInWithFactor,
  type ProvedNumber,
  type SignedInWithFactor,
} from '../../entities/auth/sign-in-with-factor';
import { AppError, assertThat } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import { clientKeyOf } from '../client-address';
import type { Dependencies } from '../dependencies';
import type { DeliveredSession } from './deliver-session';
import { typedFactor, type ConfirmFactorInput, type SecondFactorInput } from './factor.input';
import { readSecondFactorToken } from './second-factor-token';

export type FactorDependencies = Pick<Dependencies, 'authenticators' | 'database' | 'keyedHash' | 'tokens'>;

/**
 * Opens a staff session with the second factor.
 *
 * @throws AppError `auth.factor_wrong`, `auth.code_over`, `auth.guesses_too_many`, `auth.factor_missing`, `auth.account_blocked`
 */
export function showFactor(
  dependencies: FactorDependencies,
  input: SecondFactorInput,
  clientAddress: string,
): Promise<DeliveredSession> {
  const typed = typedFactor(input);
  return open(dependencies, input, clientAddress, (transaction, device) =>
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
  clientAddress: string,
): Promise<DeliveredSession> {
  const { code } = input;
  return open(dependencies, input, clientAddress, (transaction, device) =>
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
  { authenticators, database, keyedHash, tokens }: FactorDependencies,
  { token, deviceLabel }: Pick<ConfirmFactorInput, 'token' | 'deviceLabel'>,
  clientAddress: string,
  signIn: (transaction: Transaction, device: Device) => Promise<SignedInWithFactor>,
): Promise<DeliveredSession> {
  const proved = provedNumber(tokens, token);
  const device = { ...proved, authenticators, deviceLabel, clientKey: clientKeyOf(keyedHash, clientAddress) };
  const signedIn = await withTransaction(database, (transaction) => signIn(transaction, device));
  if (signedIn.verdict === 'wrong') throw wrongFactor(signedIn.attemptsLeft);
  const { sessionId, generation } = signedIn;
  return { accountId: proved.accountId, sessionId, generation, kind: 'staff' };
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
