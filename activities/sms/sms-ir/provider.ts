import type { HttpClient } from '../../../platform/http-client';
import type { ReportOutcome, SendOutcome } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { refused, templateRefused, unknown, type Asked } from '../ask-provider';
import { iranianSpelling, readCost, readDecimal, readMessageId } from '../read-values';
import type { SmsProvider } from '../sms-provider';
import { createSmsIrClient, failure, succeeded, type SmsIrAccount, type SmsIrEnvelope } from './client';
import { createSmsIrFind } from './find';
import { decideReport, SMS_IR_UNIT } from './report';

export interface SmsIrSettings extends SmsIrAccount {
  /** The line that texts are sent from, in digits. Templates have a line of their own. */
  readonly line: string;
  /** For tests. */
  readonly now?: () => number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * SMS.ir, REST v1. Codes go through `send/verify`: it reaches people who block advertising, and changes no text. There is no
 * idempotency key and no callback: a lost send is looked up in the lists of messages, and reports are polled.
 * https://sms.ir/developer-web-service/rest-api/
 */
export function createSmsIrProvider(
  { line, now = Date.now, ...account }: SmsIrSettings,
  http: HttpClient,
): SmsProvider {
  const client = createSmsIrClient(account, http);
  return {
    name: 'sms-ir',
    codesBy: 'template',
    referencesBy: [],
    reportsAfterMs: [
      5 * SECOND,
      10 * SECOND,
      20 * SECOND,
      40 * SECOND,
      80 * SECOND,
      5 * MINUTE,
      30 * MINUTE,
      24 * HOUR,
    ],

    async sendTemplate({ to, template, parameters }) {
      // Any other text would become null in JSON, and an answer about something else.
      if (!/^\d{1,15}$/.test(template))
        return templateRefused('template', 'a template of SMS.ir is a number');
      const reply = await client.post('send/verify', {
        mobile: iranianSpelling(to),
        templateId: Number(template),
        parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
      });
      return decideSend(reply, ({ messageId, cost }) => accepted(messageId, cost));
    },

    async sendText({ to, text }) {
      const reply = await client.post('send/bulk', {
        lineNumber: Number(line),
        messageText: text,
        mobiles: [iranianSpelling(to)],
      });
      return decideSend(reply, decideBulk);
    },

    async report({ providerMessageId }): Promise<ReportOutcome> {
      return decideReport(
        await client.get(`send/${encodeURIComponent(providerMessageId)}`),
        providerMessageId,
      );
    },

    find: createSmsIrFind(client, now),

    async credit() {
      const reply = await client.get('credit');
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const amount = readDecimal(reply.envelope.data);
      if (amount === undefined) return unknown('a credit that is not a number');
      return { kind: 'credit', left: { amount, unit: SMS_IR_UNIT } };
    },
  };
}

function decideSend(
  reply: Asked<SmsIrEnvelope>,
  read: (data: Record<string, unknown>) => SendOutcome,
): SendOutcome {
  if (reply.kind !== 'reply') return reply;
  if (!succeeded(reply)) return failure(reply);
  const { data } = reply.envelope;
  return isRecord(data) ? read(data) : unknown('a success without data');
}

/** A bulk of one: in the place of its id, 0 means that the number is on the blacklist, null that it is not valid. */
function decideBulk({ messageIds, cost }: Record<string, unknown>): SendOutcome {
  if (!Array.isArray(messageIds) || messageIds.length !== 1)
    return unknown('a success without a list of one id');
  const [id] = messageIds as unknown[];
  if (id === 0) return refused('stop', 'id 0', 'the mobile number is on the blacklist');
  if (id === null)
    return refused('stop', 'id null', 'the mobile number is not valid, or the text too long for it');
  return accepted(id, cost);
}

function accepted(id: unknown, cost: unknown): SendOutcome {
  const providerMessageId = readMessageId(id);
  if (providerMessageId === undefined) return unknown('a success without the id of the message');
  return { kind: 'accepted', providerMessageId, ...readCost(cost, SMS_IR_UNIT) };
}
