import { isCodeOver } from '../auth/verification';
import { instant, integer, json, jsonList, nullable, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { SmsOperation } from './sms-status';

/** Everything that a provider is told about a send. It is personal: it goes into no workflow and no log. */
export interface OutgoingAttempt {
  readonly messageId: string;
  readonly attemptId: string;
  readonly number: number;
  readonly provider: string;
  readonly operation: SmsOperation;
  readonly recipient: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, string>> | null;
  /** The code that the message carries. Its variables must be derived. */
  readonly verificationId: string | null;
  /** The provider's own template, where there is one. */
  readonly bindingName: string | null;
  readonly bindingParameters: Readonly<Record<string, string>> | null;
  readonly providerMessageId: string | null;
  /** The provider's names of the recipient's other messages of the last day. */
  readonly otherMessageIds: readonly string[];
  readonly sentAt: Date;
}

const SHAPE = {
  messageId: uuid,
  attemptId: uuid,
  number: integer,
  provider: text,
  operation: text,
  recipient: text,
  text,
  variables: nullable(json<Record<string, string>>()),
  verificationId: nullable(uuid),
  bindingName: nullable(text),
  bindingParameters: nullable(json<Record<string, string>>()),
  providerMessageId: nullable(text),
  otherMessageIds: jsonList(text),
  sentAt: instant,
};

const COLUMNS = `a.message_id AS "messageId", a.id AS "attemptId", a.number, a.provider, a.operation, m.recipient, t.text,
  m.variables, m.verification_id AS "verificationId", b.name AS "bindingName", b.parameters AS "bindingParameters", a.provider_message_id AS "providerMessageId",
  (SELECT coalesce(json_agg(oa.provider_message_id), '[]') FROM sms_messages o JOIN sms_attempts oa ON oa.message_id = o.id
   WHERE o.recipient = m.recipient AND o.created_at > now() - interval '1 day' AND oa.provider = a.provider
     AND oa.id <> a.id AND oa.provider_message_id IS NOT NULL) AS "otherMessageIds",
  coalesce(a.called_at, a.started_at) AS "sentAt"`;
const TABLES = `JOIN sms_messages m ON m.id = a.message_id
  JOIN sms_templates t ON t.key = m.template AND t.language = m.language
  LEFT JOIN sms_template_bindings b
    ON b.template = m.template AND b.language = m.language AND b.provider = a.provider`;

const CLAIM = statement<OutgoingAttempt>(
  `WITH claimed AS (
     UPDATE sms_attempts c SET called_at = now()
     FROM sms_messages q
     WHERE c.id = $1 AND c.status = 'sending' AND c.called_at IS NULL AND q.id = c.message_id AND q.variables IS NOT NULL
       AND (q.not_after IS NULL OR q.not_after > now())
       AND NOT EXISTS (SELECT 1 FROM verifications v WHERE v.id = q.verification_id AND ${isCodeOver('v')})
     RETURNING c.*
   )
   SELECT ${COLUMNS} FROM claimed a ${TABLES}`,
  SHAPE,
);

const READ = statement<OutgoingAttempt>(
  `SELECT ${COLUMNS} FROM sms_attempts a ${TABLES} WHERE a.id = $1`,
  SHAPE,
);

/**
 * Takes the right to call the provider for an attempt. It is given once: whoever comes later, after a reset or a lost answer,
 * gets undefined and must not call. Nor is it given for a code that nobody can use any more, or for a notice whose time has passed.
 */
export function claimSend(transaction: Transaction, attemptId: string): Promise<OutgoingAttempt | undefined> {
  return row(transaction, CLAIM, [attemptId]);
}

/** Reads an attempt to ask its provider about it. */
export function readOutgoing(
  transaction: Transaction,
  attemptId: string,
): Promise<OutgoingAttempt | undefined> {
  return row(transaction, READ, [attemptId]);
}
