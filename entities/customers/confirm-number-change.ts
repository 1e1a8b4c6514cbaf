import { checkVerification } from '../auth/check-verification';
import type { CodePeppers } from '../auth/code-peppers';
import { lockNumbers } from '../auth/lock-numbers';
import type { VerificationLimits } from '../auth/verification-limits';
import { assertThat } from '../errors';
import { rows, statement, type Transaction } from '../sql';
import { changeNumber } from './change-number';
import { lockOwnAccount } from './lock-own-account';
import { findNumberChange, type NumberChangeRow } from './read-number-change';

/** The codes that somebody has typed. */
export interface ConfirmNumberChange {
  readonly changeId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly newCode: string;
  /** Not needed where the old number is lost. */
  readonly oldCode: string | null;
  readonly peppers: CodePeppers;
  readonly limits?: VerificationLimits;
}

/** Wrong codes and a number that another account has are returned, so that the tries are counted. */
export type ConfirmedNumberChange = (
  | { readonly verdict: 'wrong'; readonly wrong: readonly TypedField[] }
  | { readonly verdict: 'proved' | 'taken' }
  | { readonly verdict: 'changed'; readonly oldPhone: string }
) & {
  /** The codes that this call has used up. */
  readonly usedIds: readonly string[];
};

type TypedField = 'newCode' | 'oldCode';

const PROVE = statement(
  `UPDATE number_changes SET new_proved = new_proved OR $2::boolean, old_proved = old_proved OR $3::boolean,
     status = CASE WHEN is_old_lost AND (new_proved OR $2::boolean) THEN 'proved' ELSE status END
   WHERE id = $1 AND status = 'open'`,
);

/**
 * Checks the codes of a change, and carries it out once both are right. Each wrong code counts for itself. One that was right
 * is not asked for again.
 *
 * @throws AppError `number_change.not_found` for a foreign one, `number_change.over`, `auth.code_over`,
 *   `auth.guesses_too_many`, `auth.session_over`
 */
export async function confirmNumberChange(
  transaction: Transaction,
  input: ConfirmNumberChange,
): Promise<ConfirmedNumberChange> {
  const { changeId, accountId, sessionId } = input;
  const asked = await findNumberChange(transaction, changeId);
  assertThat(asked?.accountId === accountId, 'number_change.not_found');
  assertThat(asked.status === 'open', 'number_change.over');

  await lockNumbers(transaction, [asked.newPhone, asked.oldPhone]);
  const { wrong, usedIds } = await checkCodes(transaction, asked, input);
  const phone = await lockOwnAccount(transaction, accountId);
  await rows(transaction, PROVE, [
    changeId,
    !wrong.includes('newCode'),
    !asked.isOldLost && !wrong.includes('oldCode'),
  ]);
  if (wrong.length > 0) return { verdict: 'wrong', wrong, usedIds };

  const change = await findNumberChange(transaction, changeId);
  if (change?.status === 'proved') return { verdict: 'proved', usedIds };
  // Another request was faster: it carried the change out or began another one.
  assertThat(change?.status === 'open' && change.oldPhone === phone, 'number_change.over');
  const verdict = await changeNumber(transaction, change, sessionId);
  return verdict === 'changed' ? { verdict, oldPhone: phone, usedIds } : { verdict, usedIds };
}

async function checkCodes(
  transaction: Transaction,
  { newPhone, oldPhone, ...change }: NumberChangeRow,
  { accountId, newCode, oldCode, peppers, limits }: ConfirmNumberChange,
): Promise<{ readonly wrong: readonly TypedField[]; readonly usedIds: readonly string[] }> {
  const wrong: TypedField[] = [];
  const usedIds: string[] = [];
  const check = async (field: TypedField, verificationId: string, phone: string, code: string) => {
    const asked = { verificationId, purpose: 'change_number', phone, accountId } as const;
    const checked = await checkVerification(transaction, {
      ...asked,
      code,
      peppers,
      ...(limits && { limits }),
    });
    if (checked.verdict === 'wrong') wrong.push(field);
    else usedIds.push(verificationId);
  };
  if (!change.newProved) await check('newCode', change.newVerificationId, newPhone!, newCode);
  if (!change.oldProved && change.oldVerificationId !== null) {
    await check('oldCode', change.oldVerificationId, oldPhone!, oldCode ?? '');
  }
  return { wrong, usedIds };
}
