import { createHash } from 'node:crypto';

import { judgeFurtherCode } from '../auth/refuse-too-many-codes';
import { lockCodes } from '../auth/request-verification';
import {
  isCodeOver,
  MESSAGES_AT_MOST,
  type VerificationLanguage,
  type VerificationPurpose,
} from '../auth/verification';
import { VERIFICATION_LIMITS, type VerificationLimits } from '../auth/verification-limits';
import { AppError, assertThat } from '../errors';
import { boolean, integer, nullable, text } from '../row-shape';
import { requestMessage, smsMessageIdOf } from '../sms/request-message';
import { row, rows, statement, type Transaction } from '../sql';
import { readCode, type ReadCode } from './code-state';

export interface SendCode {
  readonly verificationId: string;
  /** The first message was judged when the code was asked for. A further one has limits of its own. */
  readonly isResend: boolean;
}

/** The template of the text for each purpose. */
const TEMPLATES: Readonly<Record<VerificationPurpose, string>> = {
  sign_in: 'sign_in_code',
  change_number: 'change_number_code',
  confirm_action: 'confirm_action_code',
};

/** How long a message that a provider has accepted may show no sign of life. */
const SILENT_SECONDS = 30;

/** None of it ever changes. */
const ASKER = statement<{ phone: string; clientKey: string; deviceKey: string | null }>(
  `SELECT phone, client_key AS "clientKey", device_key AS "deviceKey" FROM verifications WHERE id = $1`,
  { phone: text, clientKey: text, deviceKey: nullable(text) },
);

const LOCK = statement<{
  purpose: VerificationPurpose;
  language: VerificationLanguage;
  sends: number;
  leftMs: number;
  isOver: boolean;
}>(
  `SELECT v.purpose, v.language, v.sends, ${isCodeOver('v')} AS "isOver",
     floor(extract(epoch FROM v.expires_at - now()) * 1000)::bigint AS "leftMs"
   FROM verifications v WHERE v.id = $1 FOR UPDATE`,
  { purpose: text, language: text, sends: integer, isOver: boolean, leftMs: integer },
);

const COUNT_SEND = statement(
  'UPDATE verifications SET sends = sends + 1, last_sent_at = statement_timestamp() WHERE id = $1',
);

/** What is not delivered after some time, the next message does not go through, if there is another provider. */
const READ_SILENT = statement<{ provider: string }>(
  `SELECT DISTINCT a.provider FROM sms_messages m JOIN sms_attempts a ON a.message_id = m.id
   WHERE m.verification_id = $1 AND a.delivery IS DISTINCT FROM 'delivered'
     AND (a.status IN ('refused', 'unknown') OR a.delivery IN ('failed', 'undelivered')
       OR coalesce(a.answered_at, a.started_at) < now() - ${SILENT_SECONDS} * interval '1 second')`,
  { provider: text },
);

/** The id of a code's message: one for each ordinal. */
export const codeMessageIdOf = (verificationId: string, ordinal: number): string =>
  smsMessageIdOf('verification', `${verificationId}:${ordinal}`);

/**
 * Sends a code: counts the message and stores it, for its workflow to send. All messages of a code carry the same one. Does
 * nothing when the first message is asked for a second time.
 *
 * @throws AppError `auth.code_over`, and for a further message `auth.code_too_soon`, `auth.codes_too_many`,
 *   `request.too_many`, `auth.codes_exhausted`
 */
export async function sendCode(
  transaction: Transaction,
  { verificationId, isResend }: SendCode,
  limits: VerificationLimits = VERIFICATION_LIMITS,
): Promise<ReadCode> {
  const asker = await row(transaction, ASKER, [verificationId]);
  assertThat(asker, 'auth.code_over');
  await lockCodes(transaction, asker);
  const code = await row(transaction, LOCK, [verificationId]);
  assertThat(code && !code.isOver, 'auth.code_over');
  if (isResend) {
    const { refusal } = await judgeFurtherCode(transaction, asker, limits);
    if (refusal) throw refusal;
  }
  if (code.sends >= MESSAGES_AT_MOST) {
    throw new AppError('auth.codes_too_many', { retryAfterSeconds: Math.ceil(code.leftMs / 1_000) });
  }
  if (isResend || code.sends === 0) {
    const ordinal = code.sends + 1;
    await rows(transaction, COUNT_SEND, [verificationId]);
    await requestMessage(transaction, {
      messageId: codeMessageIdOf(verificationId, ordinal),
      verificationId,
      template: TEMPLATES[code.purpose],
      language: code.language,
      recipient: asker.phone,
      variables: {},
      requestedBy: 'verification',
      requestDigest: createHash('sha256').update(`${verificationId}:${ordinal}`).digest('hex'),
      codeLifetimeMs: code.leftMs,
      avoid: (await rows(transaction, READ_SILENT, [verificationId])).map(({ provider }) => provider),
    });
  }
  return (await readCode(transaction, verificationId, limits))!;
}
