import { ACCOUNT } from '../auth/auth.events';
import { lockAccount } from '../auth/lock-account';
import { lockNumbers } from '../auth/lock-numbers';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { instant } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { changeNumber } from './change-number';
import { lockOwnAccount } from './lock-own-account';
import { findNumberChange } from './read-number-change';
import { supersede } from './request-number-change';

const APPROVE = statement<{ effectiveAt: Date }>(
  `UPDATE number_changes SET status = 'approved', effective_at = now() + $2::bigint * interval '1 millisecond'
   WHERE id = $1 RETURNING effective_at AS "effectiveAt"`,
  { effectiveAt: instant },
);

/**
 * Approves the new number of somebody who has lost the old one. The change waits, so that the owner of the old number can
 * object. A repetition changes nothing.
 *
 * @throws AppError `number_change.not_found`, `number_change.not_proved`, `number_change.over`, `auth.account_blocked`
 */
export async function approveNumberChange(
  transaction: Transaction,
  {
    changeId,
    accountId,
    waitMs,
  }: { readonly changeId: string; readonly accountId: string; readonly waitMs: number },
): Promise<{ readonly effectiveAt: Date; readonly oldPhone: string; readonly isNew: boolean }> {
  const asked = await findNumberChange(transaction, changeId);
  assertThat(asked?.accountId === accountId, 'number_change.not_found');
  const account = await lockAccount(transaction, accountId);
  const change = await findNumberChange(transaction, changeId);
  assertThat(account && change, 'number_change.not_found');
  assertThat(account.status === 'active', 'auth.account_blocked');
  const oldPhone = account.phone!;
  if (change.status === 'approved') return { effectiveAt: change.effectiveAt!, oldPhone, isNew: false };
  assertThat(change.newPhone !== null, 'number_change.over');
  assertThat(change.status === 'proved', 'number_change.not_proved');
  const { effectiveAt } = (await row(transaction, APPROVE, [changeId, waitMs]))!;
  await recordEvents(transaction, ACCOUNT, accountId, {
    type: 'account.number_change_approved',
    payload: { changeId },
  });
  return { effectiveAt, oldPhone, isNew: true };
}

/**
 * Cancels a change that is under way. Of one that is cancelled already, nothing changes.
 *
 * @throws AppError `number_change.not_found` for a foreign one, `number_change.over` for one that was made
 */
export async function cancelNumberChange(
  transaction: Transaction,
  { changeId, accountId }: { readonly changeId: string; readonly accountId: string },
): Promise<void> {
  await lockOwnAccount(transaction, accountId);
  const change = await findNumberChange(transaction, changeId);
  assertThat(change?.accountId === accountId, 'number_change.not_found');
  if (change.status === 'changed' || change.status === 'taken') throw new AppError('number_change.over');
  // One change of an account is under way at most.
  if (change.newPhone !== null) await supersede(transaction, accountId);
}

/**
 * Rejects the new number of somebody who says that the old one is lost, also after an approval. Of one that is cancelled already,
 * nothing changes.
 *
 * @throws AppError `number_change.not_found`, `number_change.not_proved` for one that needs no approval, `number_change.over`,
 * `auth.session_over`
 */
export async function rejectNumberChange(
  transaction: Transaction,
  actor: Actor,
  { changeId, accountId }: { readonly changeId: string; readonly accountId: string },
): Promise<void> {
  assertThat(await lockAccount(transaction, accountId), 'number_change.not_found');
  const change = await findNumberChange(transaction, changeId);
  assertThat(change?.accountId === accountId, 'number_change.not_found');
  assertThat(change.isOldLost, 'number_change.not_proved');
  if (change.status === 'cancelled') return;
  assertThat(change.newPhone !== null, 'number_change.over');
  // One change of an account is under way at most.
  await supersede(transaction, accountId);
  await audited(transaction, actor, {
    action: 'number_change.reject',
    object: { type: 'account', id: accountId },
    details: { changeId },
  });
}

/** Where an approved change stands, for its workflow. */
export interface WaitingNumberChange {
  /** When to carry it out, in milliseconds since the epoch; null when it is over. */
  readonly dueAt: number | null;
}

const DUE = statement<{ now: Date }>(
  `SELECT now() AS now
   FROM number_changes n JOIN accounts a ON a.id = n.account_id
   WHERE n.id = $1 AND n.status = 'approved' AND a.status = 'active' FOR NO KEY UPDATE OF a`,
  { now: instant },
);

/**
 * Carries an approved change out, if it is due. Of one that is over, or whose account is blocked or erased, nothing changes.
 * Every session ends: its person signs in with the new number.
 */
export async function carryOutNumberChange(
  transaction: Transaction,
  { changeId }: { readonly changeId: string },
): Promise<WaitingNumberChange> {
  const asked = await findNumberChange(transaction, changeId);
  if (asked?.status !== 'approved') return { dueAt: null };
  await lockNumbers(transaction, [asked.newPhone]);
  const due = await row(transaction, DUE, [changeId]);
  if (!due) return { dueAt: null };
  // A statement of its own: it sees what was cancelled while the lock was waited for.
  const change = await findNumberChange(transaction, changeId);
  if (change?.status !== 'approved') return { dueAt: null };
  if (change.effectiveAt! > due.now) return { dueAt: change.effectiveAt!.getTime() };
  await changeNumber(transaction, change);
  return { dueAt: null };
}
