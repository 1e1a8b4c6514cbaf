import { randomUUID } from 'node:crypto';

import type { AccountTable } from '../../kit/accounts';
import { createCallbacks, type Callbacks } from '../../kit/callbacks';
import { oneOf, orNull, text, type Values } from '../../kit/fields';
import type { Kit } from '../../kit/kit';
import type { Delivery } from '../../kit/message';
import type { Records } from '../../kit/records';
import { fateOf } from '../sms/magic-recipients';
import type { Account } from './accounts';
import { isFinal, STATUSES, type Message, type Status } from './message';
import { signatureOf } from './signature';
import type { Switches } from './switches';

/** What faults and rules can name. */
export const TARGETS = ['messageId', 'to', 'account'] as const;

const RULE = {
  signature: oneOf('right', 'wrong', 'missing'),
  /** A lie about the status. */
  status: orNull(oneOf(...STATUSES)),
  /** Fields that are added and signed like the others, written as a form: `Tag=b&Tag=a`. */
  fields: text(),
};

type Lie = Partial<Values<typeof RULE>>;

/** The ways back to the shop. */
export interface StatusCallbacks {
  readonly all: Callbacks<Values<typeof RULE>>;
  /** Plans a callback for each step of a message that the shop wants to hear of. */
  plan(message: Message): void;
  /** Tells the shop the status that the message has now. */
  tell(message: Message): Promise<Delivery[]>;
}

interface Parts {
  readonly accounts: AccountTable<Account>;
  readonly messages: Records<Message>;
  readonly switches: () => Switches;
}

interface Planned {
  readonly messageId: string;
  readonly status: Status;
}

const RETRY_AFTER_MS = 1_000;

/** Callbacks with those that a restart left. */
export function createStatusCallbacks(kit: Kit, { accounts, messages, switches }: Parts): StatusCallbacks {
  const all = createCallbacks(kit, {
    ruleFields: RULE,
    targets: TARGETS,
    sign({ url, body, note }): Readonly<Record<string, string>> {
      if (note.signature === 'missing') return {};
      const token = accounts.find(note.account!)?.authToken ?? '';
      const key = note.signature === 'wrong' ? `not ${token}` : token;
      return { 'X-Twilio-Signature': signatureOf(key, url, new URLSearchParams(body)) };
    },
    retryAfterMs(answered, attempt) {
      const { callbackRetries, callbackRetryPolicy } = switches();
      const isRetried = answered === null || answered >= LEAST_RETRIED[callbackRetryPolicy];
      return isRetried && attempt <= callbackRetries ? RETRY_AFTER_MS : undefined;
    },
  });

  async function send(message: Message, status: Status, lie: Lie = {}, copies = 1): Promise<Delivery[]> {
    const { messageId, to, accountSid: account, statusCallback: url } = message;
    if (url === null) return [];
    return all.send({
      target: { messageId, to, account },
      copies,
      write(rule) {
        const claimed = rule?.status ?? status;
        const signature = lie.signature ?? rule?.signature ?? 'right';
        const fields = fieldsOf(message, claimed, switches());
        for (const [name, value] of new URLSearchParams(rule?.fields)) fields.append(name, value);
        return {
          url,
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
            'User-Agent': 'TwilioProxy/1.1',
            'I-Twilio-Idempotency-Token': randomUUID(),
          },
          body: fields.toString(),
          note: { messageId, account, status: claimed, signature },
        };
      },
    });
  }

  /** A forged `undelivered`, then the last status twice, then `sent` twice. */
  async function sendOddly(message: Message): Promise<void> {
    if (!isFinal(message)) return;
    await send({ ...message, errorCode: 30003 }, 'undelivered', { signature: 'wrong' });
    await send(message, message.status, {}, 2);
    await send(message, 'sent', {}, 2);
  }

  const tellAt = kit.agenda.task<Planned>('status-callback', async ({ messageId, status }) => {
    const message = messages.find(messageId);
    // What was cancelled meanwhile does not get there any more.
    if (!message || message.status === 'canceled') return;
    if (fateOf(message.to) !== 'odd_callbacks') await send(message, status);
    else if (status === message.status) await sendOddly(message);
  });

  return {
    all,
    plan(message) {
      if (message.statusCallback === null) return;
      for (const { at, status } of message.steps) tellAt(at, { messageId: message.messageId, status });
    },
    tell: (message) => send(message, message.status),
  };
}

const LEAST_RETRIED = { ct: Infinity, '5xx': 500, '4xx': 400 } as const;

function fieldsOf(message: Message, status: Status, { rawDlrDoneDate }: Switches): URLSearchParams {
  const { messageId, accountSid, from, to, messagingServiceSid, errorCode, updatedAt } = message;
  const hasFailed = status === 'failed' || status === 'undelivered';
  const hasReport = status === 'delivered' || status === 'undelivered';
  return new URLSearchParams({
    ...(hasReport && rawDlrDoneDate ? { RawDlrDoneDate: doneDate(updatedAt) } : {}),
    SmsSid: messageId,
    SmsStatus: status,
    MessageStatus: status,
    To: to,
    ...(messagingServiceSid === null ? {} : { MessagingServiceSid: messagingServiceSid }),
    MessageSid: messageId,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
    ...(hasFailed ? { ErrorCode: String(errorCode ?? 30008) } : {}),
  });
}

/** `YYMMDDhhmm` */
function doneDate(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 12);
}
