/** Where a message can stand: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
export const STATUSES = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'canceled',
] as const;

export type Status = (typeof STATUSES)[number];

/** What becomes of a message at an instant of the sandbox's clock. */
export interface Step {
  readonly at: number;
  readonly status: Status;
  readonly errorCode: number | null;
}

/** One outgoing message. Times are milliseconds of the sandbox's clock. */
export interface Message {
  readonly messageId: string;
  readonly accountSid: string;
  /** The account or API key that sent it. */
  readonly keySid: string;
  /** E.164. */
  readonly to: string;
  /** As the caller wrote it. */
  readonly toAsSent: string;
  readonly from: string;
  /** Whether Twilio chose the sender: it is told once the message is queued. */
  readonly isFromPool: boolean;
  readonly messagingServiceSid: string | null;
  /** What the recipient reads. */
  readonly text: string;
  /** The content template it was made of. */
  readonly contentSid: string | null;
  readonly media: readonly string[];
  readonly segments: number;
  /** What it costs, in hundred-thousandths of a dollar. */
  readonly cost: number;
  readonly statusCallback: string | null;
  readonly createdAt: number;

  readonly status: Status;
  readonly errorCode: number | null;
  readonly updatedAt: number;
  readonly sentAt: number | null;
  /** What is still to come, in order. */
  readonly steps: readonly Step[];
  /** Whether its text was removed from what Twilio keeps. */
  readonly isRedacted: boolean;
  readonly isDeleted: boolean;
}

const FINAL = new Set<Status>(['delivered', 'undelivered', 'failed', 'canceled']);

/** Whether nothing more happens to the message. */
export function isFinal({ status }: Pick<Message, 'status'>): boolean {
  return FINAL.has(status);
}

/** What filters of a list and `date_sent` go by. Some published examples show it while a message is queued. */
export function dateSentOf({ sentAt, status, createdAt }: Message, isShownAtOnce: boolean): number | null {
  return sentAt ?? (isShownAtOnce && status !== 'scheduled' ? createdAt : null);
}

/** The message as the API shows it. */
export function resource(message: Message, dateSent: number | null): unknown {
  const { messageId, accountSid, status, errorCode, messagingServiceSid, media, sentAt } = message;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${messageId}`;
  const isWaiting = status === 'accepted' || status === 'scheduled';
  const isSent = sentAt !== null;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.isRedacted ? '' : message.text,
    date_created: rfc2822(message.createdAt),
    date_sent: dateSent === null ? null : rfc2822(dateSent),
    date_updated: rfc2822(message.updatedAt),
    direction: 'outbound-api',
    error_code: errorCode,
    error_message: errorCode === null ? null : (FAILURES[errorCode] ?? 'Unknown error'),
    from: isWaiting && message.isFromPool ? null : message.from,
    messaging_service_sid: messagingServiceSid,
    num_media: String(media.length),
    num_segments: isWaiting && messagingServiceSid !== null ? '0' : String(message.segments),
    price: isSent ? dollars(-message.cost) : null,
    price_unit: isSent ? 'USD' : null,
    sid: messageId,
    status,
    subresource_uris: {
      media: `${uri}/Media.json`,
      ...(isSent ? { feedback: `${uri}/Feedback.json` } : {}),
    },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** Hundred-thousandths of a dollar as the API writes them: `-0.00750`. */
export function dollars(hundredThousandths: number): string {
  return (hundredThousandths / 100_000).toFixed(5);
}

/** Why a message was not delivered: https://www.twilio.com/docs/api/errors */
const FAILURES: Readonly<Record<number, string>> = {
  30002: 'Account suspended',
  30003: 'Unreachable destination handset',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  30036: 'Validity Period Expired',
};

/** `Thu, 24 Aug 2023 05:01:45 +0000` */
function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}
