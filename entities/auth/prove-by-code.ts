import type { EntityManager } from 'typeorm';

import { AppError, assertThat } from '../errors';
import { instant, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { checkVerification, type CheckVerification } from './check-verification';

/** Who proves to be still there, in which session. */
export interface ProvingSession {
  readonly accountId: string;
  readonly sessionId: string;
}

/** A staff session proves more than a code, so a code alone never makes it fresh. */
const PROVABLE = statement<{ phone: string }>(
  `SELECT a.phone FROM sessions s JOIN accounts a ON a.id = s.account_id
   WHERE s.id = $1 AND s.account_id = $2 AND s.kind = 'customer' AND s.ended_at IS NULL AND a.status = 'active'`,
  { phone: text },
);

/**
 * The number that a code of proof goes to.
 *
 * @throws AppError `access.forbidden` for a staff session, which proves with its factor
 */
export async function readProvablePhone(
  manager: EntityManager,
  { accountId, sessionId }: ProvingSession,
): Promise<string> {
  const provable = await row(manager, PROVABLE, [sessionId, accountId]);
  assertThat(provable, 'access.forbidden');
  return provable.phone;
}

export type ProveByCode = ProvingSession &
  Pick<CheckVerification, 'verificationId' | 'code' | 'peppers' | 'limits'>;

/** A wrong code is returned, so that it is counted. */
export type ProvedByCode =
  | { readonly verdict: 'proved'; readonly provedAt: Date }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number };

const PROVE = statement<{ provedAt: Date }>(
  `UPDATE sessions SET proved_at = now() WHERE id = $1 AND kind = 'customer' AND ended_at IS NULL
   RETURNING proved_at AS "provedAt"`,
  { provedAt: instant },
);

/**
 * Makes a customer's session fresh with a code to the account's own number.
 *
 * @throws AppError `access.forbidden`, `auth.code_over`, `auth.guesses_too_many`, `auth.session_over`
 */
export async function proveByCode(
  transaction: Transaction,
  { sessionId, accountId, ...typed }: ProveByCode,
): Promise<ProvedByCode> {
  const phone = await readProvablePhone(transaction, { accountId, sessionId });
  const checked = await checkVerification(transaction, {
    ...typed,
    purpose: 'confirm_action',
    phone,
    accountId,
  });
  if (checked.verdict === 'wrong') return checked;
  const proved = await row(transaction, PROVE, [sessionId]);
  if (!proved) throw new AppError('auth.session_over');
  return { verdict: 'proved', provedAt: proved.provedAt };
}
