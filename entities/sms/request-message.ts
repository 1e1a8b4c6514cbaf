import { createHash } from 'node:crypto';

import { AppError, assertThat } from '../errors';
import { json, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { derivedId } from '../values/uuid';
import { assertVariablesFit } from './fit-variables';
import { requireMessageState, type MessageState } from './message-state';
import type { SmsKind, SmsLanguage } from './sms-status';
import type { VariableRule } from './sms-template';

/** A message to send. */
export interface RequestMessage {
  readonly messageId: string;
  readonly template: string;
  readonly language: SmsLanguage;
  /** E.164, from `phoneNumber`. */
  readonly recipient: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Who asks: a person of the staff, or a part of the shop. */
  readonly requestedBy: string;
  /** SHA-256 (hex) of the request, so that a repeated key with another request is noticed. */
  readonly requestDigest: string;
  /** How long a code is of use. Notices have no lifetime. */
  readonly codeLifetimeMs: number;
  /** The code that the message carries. Its variables are derived when it is sent: there are none yet. */
  readonly verificationId?: string;
  /** After which a notice must not go out any more. One that waits for a provider until then is cancelled. */
  readonly notAfter?: Date;
  /** Providers to try last, because an earlier message did not arrive through them. */
  readonly avoid?: readonly string[];
}

/** The id of the message that somebody's key makes. One key never makes two. */
export const smsMessageIdOf = (requestedBy: string, key: string): string =>
  derivedId('sms', requestedBy, key);

/** What tells one request from another: a repeated key must come with the same one. */
export function smsRequestDigest({
  recipient,
  template,
  language,
  variables,
}: Pick<RequestMessage, 'recipient' | 'template' | 'language' | 'variables'>): string {
  const sorted = Object.entries(variables).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const asked = JSON.stringify([recipient, template, language, sorted]);
  return createHash('sha256').update(asked).digest('hex');
}

/** The id of a message's attempt. */
export const smsAttemptIdOf = (messageId: string, ordinal: number): string =>
  derivedId('sms-attempt', messageId, String(ordinal));

const TEMPLATE = statement<{ kind: SmsKind; variables: VariableRule[] }>(
  'SELECT kind, variables FROM sms_templates WHERE key = $1 AND language = $2',
  { kind: text, variables: json() },
);

const INSERT = statement<{ id: string }>(
  `INSERT INTO sms_messages (id, kind, template, language, recipient, variables, status, avoid, expires_at,
     requested_by, request_digest, verification_id, not_after)
   VALUES ($1, $2::varchar, $3, $4, $5, $6::jsonb, 'queued', $7::jsonb,
     CASE WHEN $2::varchar = 'code' THEN now() + $8::bigint * interval '1 millisecond' END, $9, $10, $11, $12)
   ON CONFLICT (id) DO NOTHING
   RETURNING id::text AS id`,
  { id: text },
);

const DIGEST = statement<{ digest: string }>(
  'SELECT request_digest AS digest FROM sms_messages WHERE id = $1',
  { digest: text },
);

/**
 * Stores a message that is to be sent, once per id. Its workflow sends it.
 *
 * @throws AppError `sms.template_unknown`, `sms.variables_invalid`, `request.idempotency_key_reused`
 */
export async function requestMessage(
  transaction: Transaction,
  input: RequestMessage,
): Promise<{ readonly message: MessageState; readonly isNew: boolean }> {
  const template = await row(transaction, TEMPLATE, [input.template, input.language]);
  assertThat(template, 'sms.template_unknown');
  if (input.verificationId === undefined) assertVariablesFit(template.variables, input.variables);
  const stored = await rows(transaction, INSERT, [
    input.messageId,
    template.kind,
    input.template,
    input.language,
    input.recipient,
    JSON.stringify(input.variables),
    JSON.stringify(input.avoid ?? []),
    input.codeLifetimeMs,
    input.requestedBy,
    input.requestDigest,
    input.verificationId ?? null,
    input.notAfter ?? null,
  ]);
  const message = await requireMessageState(transaction, input.messageId);
  const known = await row(transaction, DIGEST, [input.messageId]);
  if (known?.digest !== input.requestDigest) throw new AppError('request.idempotency_key_reused');
  return { message, isNew: stored.length === 1 };
}
