import { recordEvents } from '../events/record-events';
import { bytes, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { ACCOUNT } from './auth.events';
import type { Authenticators, StoredFactor } from './authenticators';
import { recoveryCodeHash } from './recovery-codes';

/** What somebody shows of the second factor: what the authenticator shows now, or a recovery code. */
export type TypedFactor = { readonly code: string } | { readonly recoveryCode: string };

export interface CheckFactor {
  readonly accountId: string;
  readonly typed: TypedFactor;
  readonly authenticators: Authenticators;
  /** `confirmed` unless told: the factor that counts. */
  readonly state?: 'confirmed' | 'pending';
}

const FIND = statement<StoredFactor & { lastStep: number }>(
  `SELECT id, secret AS sealed, key_id AS "keyId", last_step AS "lastStep" FROM factors
   WHERE account_id = $1 AND retired_at IS NULL AND (confirmed_at IS NOT NULL) = $2`,
  { id: uuid, sealed: bytes, keyId: text, lastStep: integer },
);

/** Only forwards: a code that was used is refused, and so is one of a step before it. */
const USE_STEP = statement<{ id: string }>(
  `UPDATE factors SET last_step = $2, secret = $3, key_id = $4
   WHERE id = $1 AND last_step < $2 AND retired_at IS NULL RETURNING id`,
  { id: uuid },
);

const USE_RECOVERY_CODE = statement<{ id: string }>(
  `UPDATE recovery_codes SET used_at = now() WHERE factor_id = $1 AND hash = $2 AND used_at IS NULL
   RETURNING factor_id AS id`,
  { id: uuid },
);

/**
 * Tries a second factor and uses it up: each code of an authenticator is good once, and so is each recovery code. Returns the
 * id of the factor; undefined for a wrong or used code, and where there is no such factor. The caller counts tries.
 *
 * A secret that an older key has sealed is sealed with the newest one on this occasion.
 */
export async function checkFactor(
  transaction: Transaction,
  { accountId, typed, authenticators, state = 'confirmed' }: CheckFactor,
): Promise<string | undefined> {
  const factor = await row(transaction, FIND, [accountId, state === 'confirmed']);
  if (!factor) return undefined;
  if ('recoveryCode' in typed) {
    const hash = recoveryCodeHash(typed.recoveryCode);
    const used = await row(transaction, USE_RECOVERY_CODE, [factor.id, hash]);
    if (!used) return undefined;
    await recordEvents(transaction, ACCOUNT, accountId, {
      type: 'account.recovery_code_used',
      payload: { factorId: factor.id },
    });
    return factor.id;
  }
  const step = authenticators.stepOf(factor, typed.code);
  if (step === undefined || step <= factor.lastStep) return undefined;
  const { sealed, keyId } = authenticators.reseal(factor);
  const used = await rows(transaction, USE_STEP, [factor.id, step, sealed, keyId]);
  return used.length > 0 ? factor.id : undefined;
}
