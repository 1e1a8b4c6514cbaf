import { AppError } from '../errors';
import { instant, integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { Authenticators } from './authenticators';
import { checkFactor, type TypedFactor } from './check-factor';
import { lockAccount } from './lock-account';
import { FACTOR_ATTEMPTS_AT_MOST } from './verification';

export interface ProveFactor {
  readonly accountId: string;
  readonly sessionId: string;
  readonly typed: TypedFactor;
  readonly authenticators: Authenticators;
}

/** A wrong factor is returned, so that the try is counted. */
export type ProvedFactor =
  | { readonly verdict: 'right'; readonly provedAt: Date }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number };

/** Tries of several at once wait for each other here. */
const COUNT_TRY = statement<{ tries: number }>(
  `UPDATE sessions SET proof_attempts = proof_attempts + 1
   WHERE id = $1 AND account_id = $2 AND kind = 'staff' AND ended_at IS NULL AND proof_attempts < $3
   RETURNING proof_attempts AS tries`,
  { tries: integer },
);

const PROVE = statement<{ provedAt: Date }>(
  `UPDATE sessions SET proved_at = now(), proof_attempts = 0 WHERE id = $1 RETURNING proved_at AS "provedAt"`,
  { provedAt: instant },
);

/**
 * Renews the proof of a staff session with the second factor. After too many wrong ones in a row the session gets no further
 * proof.
 *
 * @throws AppError `auth.code_over` after too many wrong ones, and in a customer's session
 */
export async function proveFactor(
  transaction: Transaction,
  { accountId, sessionId, ...shown }: ProveFactor,
): Promise<ProvedFactor> {
  await lockAccount(transaction, accountId);
  const attemptsLeft = await countProofTry(transaction, { accountId, sessionId });
  const factorId = await checkFactor(transaction, { accountId, ...shown });
  if (factorId === undefined) return { verdict: 'wrong', attemptsLeft };
  const { provedAt } = (await row(transaction, PROVE, [sessionId]))!;
  return { verdict: 'right', provedAt };
}

/**
 * Counts a try at a second factor in a staff session, of which the account is locked. Returns how many are left if it is wrong.
 *
 * @throws AppError `auth.code_over` after too many wrong ones, and in a customer's session
 */
export async function countProofTry(
  transaction: Transaction,
  { accountId, sessionId }: Pick<ProveFactor, 'accountId' | 'sessionId'>,
): Promise<number> {
  const counted = await row(transaction, COUNT_TRY, [sessionId, accountId, FACTOR_ATTEMPTS_AT_MOST]);
  if (!counted) throw new AppError('auth.code_over');
  return FACTOR_ATTEMPTS_AT_MOST - counted.tries;
}
