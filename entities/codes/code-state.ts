import { judgeFurtherCode, type CodeAsker, type CodeBudget } from '../auth/refuse-too-many-codes';
import { isCodeOver, MESSAGES_AT_MOST, type VerificationPurpose } from '../auth/verification';
import type { VerificationLimits } from '../auth/verification-limits';
import { MILLISECONDS } from '../orders/order-state';
import { boolean, integer, jsonList, nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/**
 * A code as its rows are at one instant: all that its workflow decides on. It holds nothing personal: no code, no number, no
 * address. Instants are milliseconds since the epoch.
 */
export interface CodeState {
  /** `over`: expired, or tried too often. Null while it can be used. */
  readonly end: 'used' | 'over' | null;
  /** How many messages carry it. */
  readonly sends: number;
  readonly sentAt: number | null;
  readonly expiresAt: number;
  /** When it may be sent again; null when it may not any more. */
  readonly resendAfterSeconds: number | null;
  /** The messages that are not over. */
  readonly openMessages: readonly string[];
}

/** What steps tell besides the state. It stays out of the workflow. */
export interface ReadCode {
  readonly state: CodeState;
  readonly purpose: VerificationPurpose;
  readonly budget: CodeBudget;
}

interface CodeRow extends CodeAsker {
  readonly purpose: VerificationPurpose;
  readonly sends: number;
  readonly sentAt: number | null;
  readonly expiresAt: number;
  readonly isUsed: boolean;
  readonly isOver: boolean;
  readonly openMessages: string[];
}

const READ = statement<CodeRow>(
  `SELECT v.purpose, v.phone, v.client_key AS "clientKey", v.device_key AS "deviceKey", v.sends,
     ${MILLISECONDS('v.last_sent_at')} AS "sentAt", ${MILLISECONDS('v.expires_at')} AS "expiresAt",
     v.used_at IS NOT NULL AS "isUsed", ${isCodeOver('v')} AS "isOver",
     (SELECT coalesce(json_agg(m.id ORDER BY m.created_at), '[]') FROM sms_messages m
      WHERE m.verification_id = v.id AND m.finished_at IS NULL) AS "openMessages"
   FROM verifications v WHERE v.id = $1`,
  {
    purpose: text,
    phone: text,
    clientKey: text,
    deviceKey: nullable(text),
    sends: integer,
    sentAt: nullable(integer),
    expiresAt: integer,
    isUsed: boolean,
    isOver: boolean,
    openMessages: jsonList(text),
  },
);

/** Reads a code; undefined when there is none. */
export async function readCode(
  transaction: Transaction,
  verificationId: string,
  limits: VerificationLimits,
): Promise<ReadCode | undefined> {
  const code = await row(transaction, READ, [verificationId]);
  if (!code) return undefined;
  const { purpose, sends, sentAt, expiresAt, isUsed, isOver, openMessages } = code;
  const end = isUsed ? 'used' : isOver ? 'over' : null;
  const { waitSeconds, budget } = await judgeFurtherCode(transaction, code, limits);
  const resendAfterSeconds = end === null && sends < MESSAGES_AT_MOST ? waitSeconds : null;
  return { state: { end, sends, sentAt, expiresAt, resendAfterSeconds, openMessages }, purpose, budget };
}
