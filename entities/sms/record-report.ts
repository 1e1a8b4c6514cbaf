import { boolean, json, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { lockMessage } from './lock-message';
import { requireMessageState, type MessageState } from './message-state';
import { recordDeliveryReport, type DeliveryResult } from './record-delivery';
import { recordFindOutcome } from './record-outcome';
import type { ReportVerdict, SmsStatus } from './sms-status';

/** A provider's call about a delivery, as the API received it. */
export interface RecordProviderReport {
  readonly reportId: string;
  /** Both from the signed token in the address that was called. */
  readonly messageId: string;
  readonly attemptId: string;
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly signature: string | null;
  /** How many reports of one message are kept. */
  readonly atMost: number;
}

export interface RecordedReport {
  readonly messageId: string;
  readonly messageStatus: SmsStatus;
  /** Whether the report has a row. */
  readonly stored: boolean;
}

/** Whoever stores a report of the same message waits, so that the next statement counts its row. */
const LOCK = statement<{ id: string }>('SELECT id FROM sms_messages WHERE id = $1 FOR NO KEY UPDATE', {
  id: uuid,
});

/** Where as many are kept as may be, a new one takes the place of the oldest that was judged. */
const RECORD = statement<RecordedReport>(
  `WITH found AS (
     SELECT a.id, a.message_id, a.provider, m.status,
       (SELECT count(*) FROM sms_reports r WHERE r.message_id = m.id) AS kept
     FROM sms_attempts a JOIN sms_messages m ON m.id = a.message_id WHERE a.id = $3 AND a.message_id = $2
   ), stored AS (
     INSERT INTO sms_reports (id, message_id, attempt_id, provider, url, fields, signature)
     SELECT $1, message_id, id, provider, $4, $5::jsonb, $6 FROM found WHERE kept < $7
     RETURNING id
   ), replaced AS (
     UPDATE sms_reports r
     SET id = $1, attempt_id = found.id, provider = found.provider, url = $4, fields = $5::jsonb, signature = $6,
       received_at = now(), processed_at = NULL, verdict = NULL
     FROM found
     WHERE found.kept >= $7 AND r.id = (
       SELECT o.id FROM sms_reports o WHERE o.message_id = found.message_id AND o.processed_at IS NOT NULL
       ORDER BY o.received_at, o.id LIMIT 1)
     RETURNING r.id
   )
   SELECT found.message_id AS "messageId", found.status AS "messageStatus",
     EXISTS (SELECT 1 FROM stored UNION ALL SELECT 1 FROM replaced) AS stored
   FROM found`,
  { messageId: uuid, messageStatus: text, stored: boolean },
);

/**
 * Stores a report before anything else happens. Undefined when the attempt is not one of the message. However many come, the
 * rows stay few, and those that nobody has judged stay: polls make up for what is dropped.
 */
export async function recordProviderReport(
  transaction: Transaction,
  input: RecordProviderReport,
): Promise<RecordedReport | undefined> {
  await row(transaction, LOCK, [input.messageId]);
  return row(transaction, RECORD, [
    input.reportId,
    input.messageId,
    input.attemptId,
    input.url,
    JSON.stringify(input.fields),
    input.signature,
    input.atMost,
  ]);
}

/** A stored report that nobody has judged. */
export interface UnjudgedReport {
  readonly id: string;
  readonly attemptId: string;
  readonly provider: string;
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly signature: string | null;
  readonly providerMessageId: string | null;
}

const UNJUDGED = statement<UnjudgedReport>(
  `SELECT r.id, r.attempt_id AS "attemptId", r.provider, r.url, r.fields, r.signature,
     a.provider_message_id AS "providerMessageId"
   FROM sms_reports r JOIN sms_attempts a ON a.id = r.attempt_id
   WHERE r.message_id = $1 AND r.processed_at IS NULL AND a.status <> 'sending'
   ORDER BY r.received_at, r.id`,
  {
    id: uuid,
    attemptId: uuid,
    provider: text,
    url: text,
    fields: json<(readonly [name: string, value: string])[]>(),
    signature: nullable(text),
    providerMessageId: nullable(text),
  },
);

const MARK = statement(
  `UPDATE sms_reports SET processed_at = now(), verdict = $2, fields = NULL, signature = NULL WHERE id = $1`,
);

/** How a worker judges a report. A genuine one may say where the delivery stands. */
export interface JudgedReport {
  readonly verdict: ReportVerdict;
  readonly report?: DeliveryResult;
  /** The provider's name for the message. Where the answer to the send got lost, it proves that the message went out. */
  readonly providerMessageId?: string;
}

/**
 * Judges the reports of a message in the order in which they came, applies the genuine ones and erases what all of them said.
 * A report that overtook the answer to its own send waits until that is recorded.
 */
export async function judgeReports(
  transaction: Transaction,
  { messageId }: { readonly messageId: string },
  judge: (report: UnjudgedReport) => JudgedReport,
): Promise<MessageState> {
  await lockMessage(transaction, messageId);
  for (const stored of await rows(transaction, UNJUDGED, [messageId])) {
    const { verdict, report, providerMessageId } = judge(stored);
    if (providerMessageId !== undefined && stored.providerMessageId === null) {
      const outcome = { kind: 'found', providerMessageId } as const;
      await recordFindOutcome(transaction, { attemptId: stored.attemptId, outcome });
    }
    if (report) await recordDeliveryReport(transaction, { attemptId: stored.attemptId, report });
    await rows(transaction, MARK, [stored.id, verdict]);
  }
  return requireMessageState(transaction, messageId);
}
