import { ACCOUNT } from '../auth/auth.events';
import type { CodePeppers } from '../auth/code-peppers';
import { requestVerification, verificationIdOf } from '../auth/request-verification';
import type { VerificationLimits } from '../auth/verification-limits';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { lockOwnAccount } from './lock-own-account';

/** Another number that a person wants. */
export interface RequestNumberChange {
  readonly changeId: string;
  readonly accountId: string;
  /** E.164. */
  readonly newPhone: string;
  /** Whether the old number can get no code any more. Staff must approve then. */
  readonly isOldLost: boolean;
  readonly clientKey: string;
  /** A keyed hash of the session. Its limits for the old number are its own, whatever strangers do. */
  readonly sessionKey: string;
  readonly keyedHash: (purpose: string, text: string) => string;
  readonly peppers: CodePeppers;
  readonly limits?: VerificationLimits;
}

/** The codes to send. */
export interface RequestedNumberChange {
  readonly changeId: string;
  /** That to the new number, and that to the old one unless it is lost. */
  readonly verificationIds: readonly string[];
  /** When the first of them cannot be used any more. */
  readonly expiresAt: Date;
  readonly isNew: boolean;
}

const PHONE = statement<{ phone: string }>("SELECT phone FROM accounts WHERE id = $1 AND status = 'active'", {
  phone: text,
});

const KNOWN = statement<{ newVerificationId: string; oldVerificationId: string | null; isSame: boolean }>(
  `SELECT new_verification_id AS "newVerificationId", old_verification_id AS "oldVerificationId",
     coalesce(new_phone = $3, true) AND is_old_lost = $4 AS "isSame"
   FROM number_changes WHERE id = $1 AND account_id = $2`,
  { newVerificationId: uuid, oldVerificationId: nullable(uuid), isSame: boolean },
);

const SUPERSEDE = statement<{ id: string }>(
  `UPDATE number_changes SET status = 'cancelled', old_phone = NULL, new_phone = NULL, ended_at = now()
   WHERE account_id = $1 AND new_phone IS NOT NULL RETURNING id`,
  { id: uuid },
);

const INSERT = statement(
  `INSERT INTO number_changes (id, account_id, old_phone, new_phone, is_old_lost, new_verification_id,
     old_verification_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/**
 * Begins a change of number, once per id, in place of one that is under way. Whether the new number has an account is not looked
 * up before its code is right.
 *
 * @throws AppError `number_change.same`, `auth.session_over`, `request.idempotency_key_reused`, and the refusals of
 *   `requestVerification`
 */
export async function requestNumberChange(
  transaction: Transaction,
  input: RequestNumberChange,
): Promise<RequestedNumberChange> {
  const { changeId, accountId, newPhone, isOldLost, clientKey, peppers, limits } = input;
  const known = await row(transaction, KNOWN, [changeId, accountId, newPhone, isOldLost]);
  if (known && !known.isSame) throw new AppError('request.idempotency_key_reused');
  const account = await row(transaction, PHONE, [accountId]);
  assertThat(account, 'auth.session_over');
  // A repetition may come after the change.
  if (!known && account.phone === newPhone) throw new AppError('number_change.same');

  const idOf = (phone: string) =>
    verificationIdOf(input.keyedHash, { purpose: 'change_number', phone, key: changeId });
  const phones = isOldLost || known ? [newPhone] : [newPhone, account.phone];
  let expiresAt: Date | undefined;
  // In the order of the numbers, so that two people who swap theirs do not wait for each other.
  for (const phone of phones.toSorted()) {
    const verificationId = idOf(phone);
    const asked = { verificationId, purpose: 'change_number', phone, accountId, clientKey } as const;
    const requested = await requestVerification(transaction, {
      ...asked,
      deviceKey: phone === account.phone ? input.sessionKey : null,
      peppers,
      ...(limits && { limits }),
    });
    if (!expiresAt || requested.expiresAt < expiresAt) ({ expiresAt } = requested);
  }
  const verificationIds = known
    ? [known.newVerificationId, ...(known.oldVerificationId === null ? [] : [known.oldVerificationId])]
    : phones.map(idOf);
  if (!known) {
    const phone = await lockOwnAccount(transaction, accountId);
    if (phone !== account.phone) throw new AppError('number_change.over');
    await supersede(transaction, accountId);
    const [newVerificationId, oldVerificationId = null] = verificationIds;
    const stored = [changeId, accountId, phone, newPhone, isOldLost, newVerificationId, oldVerificationId];
    await rows(transaction, INSERT, stored);
  }
  return { changeId, verificationIds, expiresAt: expiresAt!, isNew: !known };
}

/** Cancels the change of an account that is under way. The account is locked. */
export async function supersede(transaction: Transaction, accountId: string): Promise<void> {
  const cancelled = await rows(transaction, SUPERSEDE, [accountId]);
  for (const { id } of cancelled) {
    await recordEvents(transaction, ACCOUNT, accountId, {
      type: 'account.number_change_cancelled',
      payload: { changeId: id },
    });
  }
}
