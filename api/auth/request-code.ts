import type { EntityManager } from 'typeorm';

import {
  requestVerification,
  verificationIdOf,
  type RequestVerification,
} from '../../entities/auth/request-verification';
import { needsWork, spendWork } from '../../entities/auth/spend-work';
import type { VerificationLanguage, VerificationPurpose } from '../../entities/auth/verification';
import { AppError, assertThat } from '../../entities/errors';
import { phoneNumber } from '../../entities/values/phone-number';
import { clientKeyOf } from '../../platform/client-address';
import type { SmsMessagesConfig } from '../../platform/config/sms';
import { withTransaction } from '../../platform/transaction';
import type { CodeCallResult } from '../../temporal/verification';
import type { Dependencies } from '../dependencies';
import { createAuthMetrics } from './auth-metrics';
import type { VerificationView } from './auth.view';
import { makeChallenge, readWork, type DoneWork } from './work';

/** What codes are requested with. */
export type CodeDependencies = Pick<
  Dependencies,
  'database' | 'keyedHash' | 'codePeppers' | 'codeLimits' | 'verifications' | 'authConfig' | 'metrics'
>;

/** Somebody wants a code. */
export interface CodeRequest {
  readonly purpose: VerificationPurpose;
  /** E.164. */
  readonly phone: string;
  /** Whose number changes or who confirms; null for signing in. */
  readonly accountId: string | null;
  readonly deviceKey: string | null;
  readonly language: VerificationLanguage;
  readonly idempotencyKey: string;
  readonly clientAddress: string;
  /** The solution of a challenge, or an empty text. People who have signed in need none. */
  readonly work: string;
}

export interface RequestedCode {
  readonly body: VerificationView;
  readonly isNew: boolean;
}

/**
 * One spelling of each number, before anything is counted or looked up.
 *
 * @throws AppError `auth.phone_invalid`
 */
export function codePhone({ smsStrictNumbers }: SmsMessagesConfig, spelling: string): string {
  const phone = phoneNumber(spelling, { isStrict: smsStrictNumbers });
  assertThat(phone, 'auth.phone_invalid');
  return phone;
}

/**
 * Stores that somebody wants a code, and has its workflow send it. The row comes first, so after a failure the same key goes on
 * where it stopped. Nothing here depends on whether the number has an account: neither the answer nor the time.
 *
 * @throws AppError `auth.work_needed`, the refusals of `requestVerification`, `auth.code_over` for a key whose code is over,
 *   `service.unavailable` while nothing can be sent
 */
export async function requestCode(
  dependencies: CodeDependencies,
  request: CodeRequest,
): Promise<RequestedCode> {
  const { metrics, verifications } = dependencies;
  const { purpose } = request;
  try {
    const { verificationId, isNew } = await storeCode(dependencies, request);
    const body = presentSent(verificationId, await verifications.send(verificationId));
    createAuthMetrics(metrics).codeRequested(purpose, 'sent');
    return { body, isNew };
  } catch (error) {
    createAuthMetrics(metrics).codeRequested(purpose, error instanceof AppError ? error.code : 'failed');
    throw error;
  }
}

/**
 * The answer to a message that was sent, for the first time or again.
 *
 * @throws AppError the refusal of the workflow, `service.unavailable`
 */
export function presentSent(id: string, result: CodeCallResult): VerificationView {
  if (result.kind === 'refused') throw new AppError(result.code, result.details);
  if (result.kind === 'unavailable') throw new AppError('service.unavailable', {}, { cause: result.cause });
  const { expiresAt, resendAfterSeconds } = result.answer;
  return { id, expiresAt: new Date(expiresAt).toISOString(), resendAfterSeconds };
}

async function storeCode(dependencies: CodeDependencies, request: CodeRequest) {
  const { database, keyedHash, codePeppers, codeLimits, authConfig } = dependencies;
  const { purpose, phone, accountId, deviceKey, language, idempotencyKey, clientAddress } = request;
  const verificationId = verificationIdOf(keyedHash, { purpose, phone, key: idempotencyKey });
  const clientKey = clientKeyOf(keyedHash, clientAddress);
  const asked: RequestVerification = {
    ...{ verificationId, purpose, phone, accountId, deviceKey, clientKey, language },
    ...{ peppers: codePeppers, limits: codeLimits },
  };
  const { workFromPerHour } = authConfig;
  const isExempt = workFromPerHour === 0 || deviceKey !== null;
  const done = isExempt ? undefined : await readWork(keyedHash, phone, request.work);
  const stored = await withTransaction(database, async (transaction) => {
    if (!isExempt && !(await isWorkPaid(transaction, asked, workFromPerHour, done))) return undefined;
    return requestVerification(transaction, asked);
  });
  if (stored) return stored;
  throw new AppError('auth.work_needed', { workChallenge: await makeChallenge(keyedHash, phone) });
}

/** A solution that is spent and then refused by a limit is not lost: the transaction rolls back. */
async function isWorkPaid(
  transaction: EntityManager,
  asked: RequestVerification,
  fromPerHour: number,
  done: DoneWork | undefined,
): Promise<boolean> {
  if (!(await needsWork(transaction, asked, fromPerHour))) return true;
  return done !== undefined && spendWork(transaction, done);
}
