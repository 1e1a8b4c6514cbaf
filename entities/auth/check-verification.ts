import { AppError } from '../errors';
import { boolean, bytes, instant, integer, nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { codeOf, equalCodes, type CodePeppers } from './code-peppers';
import { ATTEMPTS_AT_MOST, type VerificationPurpose } from './verification';
import { VERIFICATION_LIMITS, type VerificationLimits } from './verification-limits';

/** A code that somebody has typed. */
export interface CheckVerification {
  readonly verificationId: string;
  readonly purpose: VerificationPurpose;
  /** E.164. */
  readonly phone: string;
  /** Whose number changes or who confirms; null for signing in. */
  readonly accountId: string | null;
  readonly code: string;
  readonly peppers: CodePeppers;
  readonly limits?: VerificationLimits;
}

/** A wrong code is returned, so that it is counted. */
export type CheckedVerification =
  | { readonly verdict: 'right' }
  | { readonly verdict: 'wrong'; readonly attemptsLeft: number };

/** Has the number's codes checked one after another, so that guesses of several at once are all counted. */
const READ = statement<{ salt: Buffer; pepperId: string; deviceKey: string | null }>(
  `WITH asked AS MATERIALIZED (
     SELECT salt, pepper_id, device_key FROM verifications
     WHERE id = $1 AND purpose = $2 AND phone = $3 AND account_id IS NOT DISTINCT FROM $4
   ), number AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('code-number:' || $3, 0)) FROM asked)
   SELECT salt, pepper_id AS "pepperId", device_key AS "deviceKey" FROM number CROSS JOIN asked`,
  { salt: bytes, pepperId: text, deviceKey: nullable(text) },
);

interface Judged {
  /** How often the code was tried, with this time; null when it cannot be tried any more. */
  readonly attempts: number | null;
  readonly isRight: boolean | null;
  readonly wrong: number;
  readonly wrongSince: Date | null;
  readonly now: Date;
}

/** Codes live for minutes, so those of an hour have nearly all wrong ones of that hour. A known device counts for itself. */
const JUDGE = statement<Judged>(
  `WITH number AS (
     SELECT coalesce(sum(attempts - (used_at IS NOT NULL)::int), 0) AS wrong,
       min(created_at) FILTER (WHERE attempts > (used_at IS NOT NULL)::int) AS since
     FROM verifications
     WHERE phone = $3 AND device_key IS NOT DISTINCT FROM $4 AND created_at > statement_timestamp() - interval '1 hour'
   ), judged AS (
     UPDATE verifications v
     SET attempts = v.attempts + 1, used_at = CASE WHEN $5::boolean THEN statement_timestamp() END
     FROM number
     WHERE v.id = $1 AND v.purpose = $2 AND v.phone = $3 AND v.used_at IS NULL
       AND v.expires_at > statement_timestamp() AND v.attempts < $6 AND number.wrong < $7
     RETURNING v.attempts, v.used_at IS NOT NULL AS is_right
   )
   SELECT judged.attempts, judged.is_right AS "isRight", number.wrong, number.since AS "wrongSince",
     statement_timestamp() AS now
   FROM number LEFT JOIN judged ON true`,
  {
    attempts: nullable(integer),
    isRight: nullable(boolean),
    wrong: integer,
    wrongSince: nullable(instant),
    now: instant,
  },
);

const HOUR_MS = 3_600_000;

/**
 * Tries a code, which the right one uses up. After as many tries as may be, the right one is refused too.
 *
 * @throws AppError `auth.code_over` for one that is unknown, used, expired or tried too often, or is for another purpose,
 *   number or account; `auth.guesses_too_many`
 */
export async function checkVerification(
  transaction: Transaction,
  { limits = VERIFICATION_LIMITS, ...input }: CheckVerification,
): Promise<CheckedVerification> {
  const { verificationId: id, purpose, phone, accountId, code, peppers } = input;
  const asked = await row(transaction, READ, [id, purpose, phone, accountId]);
  const pepper = asked && peppers.find(asked.pepperId);
  if (!pepper) throw new AppError('auth.code_over');
  const isRight = equalCodes(code, codeOf(pepper, { purpose, phone, id, salt: asked.salt }));
  const judged = (await row(transaction, JUDGE, [
    id,
    purpose,
    phone,
    asked.deviceKey,
    isRight,
    ATTEMPTS_AT_MOST,
    limits.wrongPerHour,
  ]))!;
  if (judged.attempts === null) throw refusalOf(judged, limits);
  if (judged.isRight === true) return { verdict: 'right' };
  return { verdict: 'wrong', attemptsLeft: ATTEMPTS_AT_MOST - judged.attempts };
}

function refusalOf({ wrong, wrongSince, now }: Judged, { wrongPerHour }: VerificationLimits): AppError {
  if (wrong < wrongPerHour || !wrongSince) return new AppError('auth.code_over');
  const waitMs = wrongSince.getTime() + HOUR_MS - now.getTime();
  return new AppError('auth.guesses_too_many', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}
