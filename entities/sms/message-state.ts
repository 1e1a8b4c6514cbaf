import { assertThat } from '../errors';
import { MILLISECONDS } from '../orders/order-state';
import { boolean, integer, jsonList, jsonObject, nullable, text, uuid, type RowShape } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type {
  SmsAttemptStatus,
  SmsDelivery,
  SmsKind,
  SmsLanguage,
  SmsOperation,
  SmsStatus,
} from './sms-status';

/** Where one send stands. Instants are milliseconds since the epoch. */
export interface SmsAttemptState {
  readonly id: string;
  readonly ordinal: number;
  readonly provider: string;
  readonly operation: SmsOperation;
  readonly status: SmsAttemptStatus;
  readonly outcomeClass: string | null;
  readonly code: string | null;
  readonly message: string | null;
  /** An exact decimal, in the provider's unit. */
  readonly cost: string | null;
  readonly costUnit: string | null;
  readonly latencyMs: number | null;
  readonly isProbe: boolean;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly delivery: SmsDelivery | null;
  readonly deliveryCode: string | null;
  readonly deliveredAt: number | null;
  readonly reportedAt: number | null;
}

/**
 * A message as its rows are at one instant: all that its workflow decides on. It holds nothing personal: no number, no variable,
 * no digest of them, and no provider's name for the message. Every step of the workflow returns it.
 */
export interface MessageState {
  readonly id: string;
  readonly kind: SmsKind;
  readonly template: string;
  readonly language: SmsLanguage;
  readonly status: SmsStatus;
  readonly failureCode: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly finishedAt: number | null;
  /** Whether a provider's report waits to be judged. */
  readonly hasReport: boolean;
  /** Oldest first. */
  readonly attempts: readonly SmsAttemptState[];
}

const ATTEMPT: RowShape<SmsAttemptState> = {
  id: text,
  ordinal: integer,
  provider: text,
  operation: text,
  status: text,
  outcomeClass: nullable(text),
  code: nullable(text),
  message: nullable(text),
  cost: nullable(text),
  costUnit: nullable(text),
  latencyMs: nullable(integer),
  isProbe: boolean,
  startedAt: integer,
  answeredAt: nullable(integer),
  delivery: nullable(text),
  deliveryCode: nullable(text),
  deliveredAt: nullable(integer),
  reportedAt: nullable(integer),
};

const READ = statement<MessageState>(
  `SELECT m.id, m.kind, m.template, m.language, m.status, 
     m.failure_code AS "failureCode", ${MILLISECONDS('m.created_at')} AS "createdAt",
     ${MILLISECONDS('m.expires_at')} AS "expiresAt", ${MILLISECONDS('m.finished_at')} AS "finishedAt",
     EXISTS (SELECT 1 FROM sms_reports r WHERE r.message_id = m.id AND r.processed_at IS NULL) AS "hasReport",
     (SELECT coalesce(json_agg(json_build_object('id', a.id, 'ordinal', a.ordinal, 'provider', a.provider,
        'operation', a.operation, 'status', a.status, 'outcomeClass', a.outcome_class, 'code', a.code,
        'message', a.message, 'cost', a.cost::text, 'costUnit', a.cost_unit, 'latencyMs', a.latency_ms,
        'isProbe', a.is_probe, 'startedAt', ${MILLISECONDS('a.started_at')},
        'answeredAt', ${MILLISECONDS('a.answered_at')}, 'delivery', a.delivery, 'deliveryCode', a.delivery_code,
        'deliveredAt', ${MILLISECONDS('a.delivered_at')}, 'reportedAt', ${MILLISECONDS('a.reported_at')}
      ) ORDER BY a.ordinal), '[]') FROM sms_attempts a WHERE a.message_id = m.id) AS attempts
   FROM sms_messages m WHERE m.id = $1`,
  {
    id: uuid,
    kind: text,
    template: text,
    language: text,
    status: text,
    failureCode: nullable(text),
    createdAt: integer,
    expiresAt: nullable(integer),
    finishedAt: nullable(integer),
    hasReport: boolean,
    attempts: jsonList(jsonObject<SmsAttemptState>(ATTEMPT)),
  },
);

/** Reads a message; undefined when there is none. */
export function readMessageState(
  transaction: Transaction,
  messageId: string,
): Promise<MessageState | undefined> {
  return row(transaction, READ, [messageId]);
}

/** @throws AppError `sms.not_found` */
export async function requireMessageState(
  transaction: Transaction,
  messageId: string,
): Promise<MessageState> {
  const message = await readMessageState(transaction, messageId);
  assertThat(message, 'sms.not_found');
  return message;
}
