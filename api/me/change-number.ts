import { createHash } from 'node:crypto';

import { confirmNumberChange } from '../../entities/customers/confirm-number-change';
import { approveNumberChange } from '../../entities/customers/lost-number';
import { readProfile } from '../../entities/customers/read-profile';
import { requestNumberChange } from '../../entities/customers/request-number-change';
import { AppError, assertThat } from '../../entities/errors';
import { invalidRequest } from '../../entities/problem';
import { requestMessage, smsMessageIdOf } from '../../entities/sms/request-message';
import type { Transaction } from '../../entities/sql';
import { audited, type Actor } from '../../entities/staff/audited';
import { phoneNumber } from '../../entities/values/phone-number';
import { derivedId } from '../../entities/values/uuid';
import { clientKeyOf } from '../../platform/client-address';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import { endUsedCodes } from '../auth/sign-in-with-code';
import type { Dependencies } from '../dependencies';
import type { RequestedNumberChangeView } from './number-changes.view';

const HOUR_MS = 3_600_000;

/** What changes of number are made with. */
export type NumberChangeDependencies = Pick<
  Dependencies,
  | 'database'
  | 'keyedHash'
  | 'codePeppers'
  | 'codeLimits'
  | 'verifications'
  | 'numberChanges'
  | 'smsConfig'
  | 'smsDelivery'
  | 'customersConfig'
>;

/** Somebody wants another number. */
export interface ChangeRequest {
  readonly accountId: string;
  readonly sessionId: string;
  readonly spelling: string;
  readonly isOldLost: boolean;
  readonly idempotencyKey: string;
  readonly clientAddress: string;
}

/**
 * Stores the change and has its codes sent. The rows come first, so the same key goes on where a failure stopped it.
 *
 * @throws AppError `request.invalid`, `service.unavailable`, and the refusals of `requestNumberChange` and of sending
 */
export async function requestChange(
  { database, keyedHash, codePeppers, codeLimits, verifications, smsConfig }: NumberChangeDependencies,
  { accountId, sessionId, spelling, isOldLost, idempotencyKey, clientAddress }: ChangeRequest,
): Promise<{ readonly body: RequestedNumberChangeView; readonly isNew: boolean }> {
  const newPhone = phoneNumber(spelling, { isStrict: smsConfig.smsStrictNumbers });
  if (newPhone === undefined) {
    const detail = 'newPhone must be an Iranian mobile number';
    throw invalidRequest([{ in: 'body', field: 'newPhone', rule: 'phone', detail }]);
  }
  const changeId = derivedId('number-change', accountId, idempotencyKey);
  const clientKey = clientKeyOf(keyedHash, clientAddress);
  const requested = await withTransaction(database, (transaction) =>
    requestNumberChange(transaction, {
      ...{ changeId, accountId, newPhone, isOldLost, clientKey, keyedHash },
      // Not that of its proofs: the code of a proof comes just before and would make this one wait.
      sessionKey: keyedHash('number change of session', sessionId),
      ...{ peppers: codePeppers, limits: codeLimits },
    }),
  );
  // Side by side: each of them may take as long as an answer may.
  const answers = await Promise.all(requested.verificationIds.map((id) => verifications.send(id)));
  for (const sent of answers) {
    if (sent.kind === 'refused') throw new AppError(sent.code, sent.details);
    if (sent.kind === 'unavailable') throw new AppError('service.unavailable', {}, { cause: sent.cause });
  }
  const { expiresAt, isNew } = requested;
  return { body: { id: changeId, expiresAt: expiresAt.toISOString() }, isNew };
}

/** The codes that somebody has typed, in their session. */
export interface TypedCodes {
  readonly changeId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly newCode: string;
  readonly oldCode: string | null;
  readonly log: Logger;
}

/**
 * Checks the codes and changes the number, with a notice to the old one.
 *
 * @throws AppError `auth.code_wrong` with each wrong field, `number_change.taken`, and the refusals of `confirmNumberChange`
 */
export async function confirmChange(
  dependencies: NumberChangeDependencies,
  { log, ...typed }: TypedCodes,
): Promise<void> {
  const { database, codePeppers, codeLimits, verifications } = dependencies;
  const { confirmed, noticeId } = await withTransaction(database, async (transaction) => {
    const codes = { ...typed, peppers: codePeppers, limits: codeLimits };
    const done = await confirmNumberChange(transaction, codes);
    if (done.verdict !== 'changed') return { confirmed: done, noticeId: undefined };
    const { phone } = await readProfile(transaction, typed.accountId);
    const notice = { template: 'number_changed', variables: { ending: phone.slice(-2) } };
    return {
      confirmed: done,
      noticeId: await storeNotice(transaction, dependencies, {
        ...typed,
        ...notice,
        recipient: done.oldPhone,
      }),
    };
  });
  await endUsedCodes(verifications, confirmed.usedIds, log);
  if (confirmed.verdict === 'wrong') {
    const detail = 'is not the code that was sent';
    throw new AppError('auth.code_wrong', {
      errors: confirmed.wrong.map((field) => ({ in: 'body', field, rule: 'code', detail })),
    });
  }
  if (confirmed.verdict === 'taken') throw new AppError('number_change.taken');
  // What a failed start misses, the sweep finds.
  if (noticeId !== undefined) await dependencies.smsDelivery.start(noticeId);
}

/**
 * Approves the change of somebody who has lost the old number. That gets a notice, and the wait begins. A repetition starts what
 * an earlier approval could not.
 *
 * @throws AppError `staff.not_yourself`, `service.unavailable` while Temporal is away, and the refusals of `approveNumberChange`
 */
export async function approveChange(
  dependencies: NumberChangeDependencies,
  change: { readonly changeId: string; readonly accountId: string },
  actor: Actor,
): Promise<void> {
  const { database, numberChanges, smsDelivery, customersConfig } = dependencies;
  const waitMs = customersConfig.lostNumberWaitMs;
  const noticeId = await withTransaction(database, async (transaction) => {
    const { oldPhone, isNew } = await approveNumberChange(transaction, { ...change, waitMs });
    assertThat(change.accountId !== actor.accountId, 'staff.not_yourself');
    if (isNew) {
      await audited(transaction, actor, {
        action: 'number_change.approve',
        object: { type: 'account', id: change.accountId },
        details: { changeId: change.changeId },
      });
    }
    const variables = { hours: String(Math.ceil(waitMs / HOUR_MS)) };
    const notice = { template: 'number_change_waits', variables, recipient: oldPhone };
    return storeNotice(transaction, dependencies, { ...change, ...notice });
  });
  await smsDelivery.start(noticeId);
  const started = await numberChanges.start(change.changeId);
  if (started.kind !== 'answered') throw new AppError('service.unavailable');
}

interface Notice {
  readonly changeId: string;
  readonly accountId: string;
  readonly template: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly recipient: string;
}

/** One message of each kind for a change, in the language of its person. */
async function storeNotice(
  transaction: Transaction,
  { smsConfig }: NumberChangeDependencies,
  { changeId, accountId, template, variables, recipient }: Notice,
): Promise<string> {
  const { language } = await readProfile(transaction, accountId);
  const { message } = await requestMessage(transaction, {
    messageId: smsMessageIdOf(template, changeId),
    ...{ template, language, recipient, variables },
    requestedBy: 'number-change',
    requestDigest: createHash('sha256').update(`${template}:${changeId}`).digest('hex'),
    codeLifetimeMs: smsConfig.smsCodeLifetimeMs,
  });
  return message.id;
}
