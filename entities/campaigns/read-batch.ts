import { instant, integer, json, jsonList, jsonObject, nullable, text, uuid } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { row, statement, type Transaction } from '../sql';

/** One message of a call. */
interface BatchRecipient {
  readonly number: number;
  readonly recipient: string;
}

/** Everything that a provider is told in a call. It is personal: it goes into no workflow and no log. */
export interface OutgoingBatch {
  readonly batchId: string;
  readonly provider: string;
  /** The template's, as it was when the campaign was scheduled. */
  readonly text: string;
  readonly language: SmsLanguage;
  readonly variables: Readonly<Record<string, string>>;
  readonly calledAt: Date;
  /** Those whose outcome is not known. Without people who were erased meanwhile. */
  readonly recipients: readonly BatchRecipient[];
}

const SHAPE = {
  ...{ batchId: uuid, provider: text, text, language: text, variables: json<Record<string, string>>() },
  ...{ calledAt: instant },
  recipients: jsonList(jsonObject<BatchRecipient>({ number: integer, recipient: text })),
};

const COLUMNS = `b.id AS "batchId", b.provider, c.text, c.language, c.variables, coalesce(b.called_at, b.started_at) AS "calledAt",
  (SELECT coalesce(json_agg(json_build_object('number', r.number, 'recipient', r.recipient) ORDER BY r.number), '[]')
   FROM campaign_recipients r WHERE r.batch_id = b.id AND r.status = 'handed' AND r.recipient IS NOT NULL) AS recipients`;
const TABLES = `JOIN campaigns c ON c.id = b.campaign_id`;

const READ = statement<OutgoingBatch>(
  `SELECT ${COLUMNS} FROM campaign_batches b ${TABLES} WHERE b.id = $1`,
  SHAPE,
);

/** Reads a batch to ask its provider about it. */
export function readBatch(transaction: Transaction, batchId: string): Promise<OutgoingBatch | undefined> {
  return row(transaction, READ, [batchId]);
}

/** The accepted messages of one call. */
export interface SentBatch {
  readonly batchId: string;
  readonly provider: string;
  readonly packId: string | null;
  readonly calledAt: Date;
  readonly providerMessageIds: readonly string[];
}

const NEXT_SENT = statement<SentBatch & { readonly ordinal: number }>(
  `SELECT b.id AS "batchId", b.ordinal, b.provider, b.pack_id AS "packId", coalesce(b.called_at, b.started_at) AS "calledAt",
     (SELECT coalesce(json_agg(r.provider_message_id), '[]') FROM campaign_recipients r
      WHERE r.batch_id = b.id AND r.status = 'accepted') AS "providerMessageIds"
   FROM campaign_batches b
   WHERE b.campaign_id = $1 AND b.ordinal > $2
     AND EXISTS (SELECT FROM campaign_recipients r WHERE r.batch_id = b.id AND r.status = 'accepted')
   ORDER BY b.ordinal LIMIT 1`,
  {
    ...{ batchId: uuid, ordinal: integer, provider: text, packId: nullable(text), calledAt: instant },
    providerMessageIds: jsonList(text),
  },
);

/** The next call of a campaign of which some deliveries are not known. */
export function readSentBatch(
  transaction: Transaction,
  campaignId: string,
  afterOrdinal: number,
): Promise<(SentBatch & { readonly ordinal: number }) | undefined> {
  return row(transaction, NEXT_SENT, [campaignId, afterOrdinal]);
}
