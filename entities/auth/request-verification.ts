import { randomBytes } from 'node:crypto';

import { AppError } from '../errors';
import { boolean, instant, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { derivedId } from '../values/uuid';
import type { CodePeppers } from './code-peppers';
import { refuseTooManyCodes, type CodeAsker } from './refuse-too-many-codes';
import type { VerificationLanguage, VerificationPurpose } from './verification';
import { VERIFICATION_LIMITS, type VerificationLimits } from './verification-limits';

/** A code to send to a number. */
export interface RequestVerification extends CodeAsker {
  readonly verificationId: string;
  readonly purpose: VerificationPurpose;
  /** Whose number changes or who confirms; null for signing in. */
  readonly accountId: string | null;
  /** A keyed hash of the device, and only of one that has signed in with this number before. */
  readonly deviceKey: string | null;
  /** Of the message. Persian unless told. */
  readonly language?: VerificationLanguage;
  readonly peppers: CodePeppers;
  readonly limits?: VerificationLimits;
}

/**
 * The id of the code that an asker's key makes. One key never makes two. Without the secret of the hash, nobody can tell from
 * an id which number it belongs to.
 */
export const verificationIdOf = (
  keyedHash: (purpose: string, text: string) => string,
  { purpose, phone, key }: { purpose: VerificationPurpose; phone: string; key: string },
): string => derivedId('verification', keyedHash('verification', JSON.stringify([purpose, phone, key])));

const LOCK = statement<{ isLocked: boolean }>(
  `WITH address AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('code-address:' || $1, 0))),
     number AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('code-number:' || $2, 0)) FROM address)
   SELECT true AS "isLocked" FROM number`,
  { isLocked: boolean },
);

const FIND = statement<{
  purpose: VerificationPurpose;
  phone: string;
  accountId: string | null;
  expiresAt: Date;
}>(
  `SELECT purpose, phone, account_id AS "accountId", expires_at AS "expiresAt" FROM verifications WHERE id = $1`,
  { purpose: text, phone: text, accountId: nullable(uuid), expiresAt: instant },
);

const INSERT = statement<{ expiresAt: Date }>(
  `INSERT INTO verifications (id, purpose, phone, salt, pepper_id, expires_at, client_key, account_id, device_key, language)
   SELECT $1, $2, $3, $4, $5, now() + $6 * interval '1 second', $7, $8, $9, $10
   WHERE $8::uuid IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = $8 AND status <> 'erased')
   RETURNING expires_at AS "expiresAt"`,
  { expiresAt: instant },
);

/**
 * Has the codes of an address and a number asked for and sent one after another. The address comes first, then the number,
 * everywhere. Rows are locked after them.
 */
export async function lockCodes(
  transaction: Transaction,
  { clientKey, phone }: Pick<CodeAsker, 'clientKey' | 'phone'>,
): Promise<void> {
  await rows(transaction, LOCK, [clientKey, phone]);
}

/**
 * Stores that somebody asks for a code, once per id, which counts as its first message. Its workflow sends it. It does the same for every number: whether
 * there is an account is not looked up.
 *
 * @throws AppError `auth.code_too_soon`, `auth.codes_too_many`, `request.too_many`, `auth.codes_exhausted`,
 *   `request.idempotency_key_reused`; `auth.session_over` for an account that was erased meanwhile
 */
export async function requestVerification(
  transaction: Transaction,
  { limits = VERIFICATION_LIMITS, language = 'fa', ...input }: RequestVerification,
): Promise<{ readonly verificationId: string; readonly expiresAt: Date; readonly isNew: boolean }> {
  const { verificationId, purpose, phone, clientKey, accountId, deviceKey, peppers } = input;
  await lockCodes(transaction, input);
  const known = await row(transaction, FIND, [verificationId]);
  if (known) {
    const isSame = known.purpose === purpose && known.phone === phone && known.accountId === accountId;
    if (!isSame) throw new AppError('request.idempotency_key_reused');
    return { verificationId, expiresAt: known.expiresAt, isNew: false };
  }
  await refuseTooManyCodes(transaction, input, limits);
  const stored = await row(transaction, INSERT, [
    verificationId,
    purpose,
    phone,
    randomBytes(16),
    peppers.current.id,
    limits.lifetimeSeconds,
    clientKey,
    accountId,
    deviceKey,
    language,
  ]);
  if (!stored) throw new AppError('auth.session_over');
  return { verificationId, expiresAt: stored.expiresAt, isNew: true };
}
