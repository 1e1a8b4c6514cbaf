import { AppError } from '../errors';
import { text } from '../row-shape';
import { requestMessage, smsMessageIdOf, smsRequestDigest } from '../sms/request-message';
import type { SmsLanguage } from '../sms/sms-status';
import { row, rows, statement, type Transaction } from '../sql';
import type { DeliveryStatus } from './notification-delivery';
import { DIGEST_SMS, type SmsForm } from './notification-kinds';
import type { Facts } from './notification-text';

/** Who requests messages of notifications. */
export const REQUESTED_BY = 'notification';

/** Where a message goes, in which language, and until when. */
export interface Addressee {
  readonly recipient: string;
  readonly locale: SmsLanguage;
  readonly notAfter: Date;
}

/** What became of a request. */
export interface Requested {
  readonly status: Extract<DeliveryStatus, 'sent' | 'failed'>;
  readonly reason: string | null;
  readonly messageId: string | null;
  /** Whether a refusal may be that of an unfinished deploy: a template that is missing, or one with other variables. */
  readonly isEarly: boolean;
}

/** Requests a message, once per key. */
export async function requestNotice(
  transaction: Transaction,
  { recipient, locale, notAfter }: Addressee,
  { key, form, facts: known }: { readonly key: string; readonly form: SmsForm; readonly facts: Facts },
): Promise<Requested> {
  const messageId = smsMessageIdOf(REQUESTED_BY, key);
  const variables = Object.fromEntries(
    Object.entries(form.variables).map(([name, fact]) => [name, known[fact] ?? '']),
  );
  const message = { template: form.template, language: locale, recipient, variables };
  try {
    await requestMessage(transaction, {
      ...message,
      ...{
        messageId,
        requestedBy: REQUESTED_BY,
        requestDigest: smsRequestDigest(message),
        codeLifetimeMs: 0,
        notAfter,
      },
    });
    return { status: 'sent', reason: null, messageId, isEarly: false };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code } = error;
    const isComplete = Object.values(variables).every((value) => value !== '');
    const isEarly = code === 'sms.template_unknown' || (code === 'sms.variables_invalid' && isComplete);
    return { status: 'failed', reason: code, messageId: null, isEarly };
  }
}

const BEGIN_DIGEST = statement<{ day: string }>(
  `INSERT INTO notification_digests (box_id, day, notifications) VALUES ($1, $2::date, $3)
   ON CONFLICT DO NOTHING RETURNING day::text AS day`,
  { day: text },
);

const NAME_DIGEST = statement(
  'UPDATE notification_digests SET message_id = $3 WHERE box_id = $1 AND day = $2::date',
);

const FORGET_DIGEST = statement('DELETE FROM notification_digests WHERE box_id = $1 AND day = $2::date');

/**
 * Requests the one message of a day. The row comes first. A day that has one gets no other: undefined. One that comes too early
 * leaves no row.
 */
export async function requestDigest(
  transaction: Transaction,
  addressee: Addressee,
  { boxId, day, count }: { readonly boxId: string; readonly day: string; readonly count: number },
): Promise<Requested | undefined> {
  if (!(await row(transaction, BEGIN_DIGEST, [boxId, day, count]))) return undefined;
  const digest = { key: `${boxId}:${day}`, form: DIGEST_SMS, facts: { count: String(count) } };
  const told = await requestNotice(transaction, addressee, digest);
  if (told.isEarly) await rows(transaction, FORGET_DIGEST, [boxId, day]);
  else await rows(transaction, NAME_DIGEST, [boxId, day, told.messageId]);
  return told;
}
