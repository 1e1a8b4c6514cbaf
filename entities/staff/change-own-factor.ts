import { ACCOUNT } from '../auth/auth.events';
import type { Authenticators } from '../auth/authenticators';
import { endSessions } from '../auth/end-sessions';
import { confirmFactor, enrolFactor, retireConfirmedFactor, type EnrolledFactor } from '../auth/enrol-factor';
import { countProofTry } from '../auth/prove-factor';
import { requireStaff } from '../auth/sign-in-with-factor';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from './audited';

/**
 * Gives somebody of the staff a further factor, which takes the place of the working one once it is confirmed. A repetition
 * forgets the one before.
 *
 * @throws AppError `auth.factor_missing`, `auth.code_over` for somebody who does not work for the shop any more,
 *   `auth.account_blocked`
 */
export async function enrolNextFactor(
  transaction: Transaction,
  input: { readonly accountId: string; readonly authenticators: Authenticators },
): Promise<EnrolledFactor> {
  const { hasFactor } = await requireStaff(transaction, input.accountId);
  assertThat(hasFactor, 'auth.factor_missing');
  return enrolFactor(transaction, input);
}

/** A wrong code is returned, so that the try is counted. */
export type ChangedFactor =
  | { readonly verdict: 'changed' }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number };

const FOLLOW = statement(
  'UPDATE sessions SET factor_id = $2, proved_at = now(), proof_attempts = 0 WHERE id = $1',
);

/**
 * Lets the new factor take the place of the working one, after its first right code. The session in which it happens goes on,
 * all others end. The former factor and its recovery codes are worth nothing any more.
 *
 * @throws AppError as {@link enrolNextFactor}; `auth.code_over` after too many wrong codes in a row; `auth.session_over`
 */
export async function changeOwnFactor(
  transaction: Transaction,
  actor: Actor,
  { code, authenticators }: { readonly code: string; readonly authenticators: Authenticators },
): Promise<ChangedFactor> {
  const { accountId, sessionId } = actor;
  const { hasFactor } = await requireStaff(transaction, accountId);
  assertThat(hasFactor, 'auth.factor_missing');
  const attemptsLeft = await countProofTry(transaction, { accountId, sessionId });
  const confirm = { accountId, code, authenticators };
  const factorId = await confirmFactor(transaction, confirm, retireConfirmedFactor);
  if (factorId === undefined) return { verdict: 'wrong', attemptsLeft };
  await rows(transaction, FOLLOW, [sessionId, factorId]);
  await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.factor_replaced', payload: {} });
  await endSessions(transaction, { accountId, except: sessionId, reason: 'factor_lost' });
  await audited(transaction, actor, { action: 'factor.change', object: { type: 'account', id: accountId } });
  return { verdict: 'changed' };
}
