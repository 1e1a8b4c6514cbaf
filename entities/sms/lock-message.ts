import { isCodeOver } from '../auth/verification';
import { assertThat } from '../errors';
import { boolean, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { OVER, type SmsKind, type SmsStatus } from './sms-status';

/** What a message is and whether its time is over. */
export interface LockedMessage {
  readonly id: string;
  readonly kind: SmsKind;
  readonly status: SmsStatus;
  /** Whether it is a code whose lifetime has passed. */
  readonly isExpired: boolean;
  /** Whether it carries a code that was used, or tried too often, or is a notice whose time has passed. */
  readonly isPointless: boolean;
}

const SHAPE = { id: uuid, kind: text, status: text, isExpired: boolean, isPointless: boolean };
const COLUMNS = `m.id, m.kind, m.status, coalesce(m.expires_at <= now(), false) AS "isExpired",
  coalesce(m.not_after <= now(), false)
    OR EXISTS (SELECT 1 FROM verifications v WHERE v.id = m.verification_id AND ${isCodeOver('v')}) AS "isPointless"`;

const LOCK = statement<LockedMessage>(
  `SELECT ${COLUMNS} FROM sms_messages m WHERE m.id = $1 FOR UPDATE`,
  SHAPE,
);

const LOCK_OF_ATTEMPT = statement<LockedMessage>(
  `SELECT ${COLUMNS} FROM sms_messages m
   WHERE m.id = (SELECT a.message_id FROM sms_attempts a WHERE a.id = $1) FOR UPDATE`,
  SHAPE,
);

/**
 * Locks a message before its attempts, and those before a breaker: every operation takes locks in this order.
 *
 * @throws AppError `sms.not_found`
 */
export async function lockMessage(transaction: Transaction, messageId: string): Promise<LockedMessage> {
  const message = await row(transaction, LOCK, [messageId]);
  assertThat(message, 'sms.not_found');
  return message;
}

/** {@link lockMessage} by one of its attempts. */
export async function lockMessageOf(transaction: Transaction, attemptId: string): Promise<LockedMessage> {
  const message = await row(transaction, LOCK_OF_ATTEMPT, [attemptId]);
  assertThat(message, 'sms.not_found');
  return message;
}

const MOVE = statement(
  `UPDATE sms_messages SET status = $2, failure_code = coalesce($3, failure_code),
     finished_at = CASE WHEN $4 THEN coalesce(finished_at, now()) END,
     variables = CASE WHEN kind = 'notice' OR NOT $4 THEN variables END
   WHERE id = $1`,
);

/** Moves a locked message. One that is over loses the variables of its code. */
export async function moveMessage(
  transaction: Transaction,
  message: Pick<LockedMessage, 'id'>,
  to: SmsStatus,
  failureCode?: string,
): Promise<void> {
  await rows(transaction, MOVE, [message.id, to, failureCode ?? null, OVER.includes(to)]);
}
