import type { HttpClient } from '../../../platform/http-client';
import type { FindOutcome, ReportOutcome, SendOutcome } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { unknown, type Asked } from '../ask-provider';
import { matchLost, type ListedSms } from '../match-lost';
import { readDecimal } from '../read-values';
import type { LostSms, SmsProvider } from '../sms-provider';
import { createTwilioClient, failure, resourceOf, type TwilioAccount, type TwilioBody } from './client';
import { readPrice, readReport } from './report';

export interface TwilioSettings extends TwilioAccount {
  /** A number of the account, or the SID of a Messaging Service. */
  readonly from: string;
}

/** As the list gives them, newest first: more than one number gets in the minutes that are looked at. */
const LISTED = '50';
const SID = /^(SM|MM)[0-9a-f]{32}$/;
const NOT_FOUND = 404;

/**
 * Twilio, REST 2010-04-01. It keeps no templates of ours and has no idempotency key. It reports the delivery by signed
 * callbacks; one poll makes up for a lost one. https://www.twilio.com/docs/messaging/api/message-resource
 */
export function createTwilioProvider({ from, ...account }: TwilioSettings, http: HttpClient): SmsProvider {
  const client = createTwilioClient(account, http);
  const sender = { [from.startsWith('MG') ? 'MessagingServiceSid' : 'From']: from };
  return {
    name: 'twilio',
    codesBy: 'text',
    referencesBy: [],
    reportsAfterMs: [60_000],

    async sendText({ to, text, reportUrl }) {
      const fields = { ...sender, To: to, Body: text };
      return decideSend(
        await client.post(
          'Messages.json',
          reportUrl === undefined ? fields : { ...fields, StatusCallback: reportUrl },
        ),
      );
    },

    async report({ providerMessageId }) {
      return decideReport(
        await client.get(`Messages/${encodeURIComponent(providerMessageId)}.json`),
        providerMessageId,
      );
    },

    // Not filtered by `DateSent`, which a message in the queue does not have yet: it would be missing.
    async find(lost) {
      return decideFind(await client.get('Messages.json', { To: lost.to, PageSize: LISTED }), lost);
    },

    async credit() {
      const reply = await client.get('Balance.json');
      if (reply.kind !== 'reply') return reply;
      const resource = resourceOf(reply);
      if (resource === undefined) return failure(reply);
      const { balance, currency } = resource;
      const amount = readDecimal(balance);
      if (amount === undefined || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
        return unknown('a balance that cannot be read');
      }
      return { kind: 'credit', left: { amount, unit: currency } };
    },
  };
}

function decideSend(reply: Asked<TwilioBody>): SendOutcome {
  if (reply.kind !== 'reply') return reply;
  const resource = resourceOf(reply);
  if (resource === undefined) return failure(reply);
  const { sid } = resource;
  if (!isSid(sid)) return unknown('a success without the SID of the message');
  return { kind: 'accepted', providerMessageId: sid, ...readPrice(resource) };
}

function decideReport(reply: Asked<TwilioBody>, providerMessageId: string): ReportOutcome {
  if (reply.kind !== 'reply') return reply;
  const resource = resourceOf(reply);
  if (resource === undefined) {
    if (reply.envelope.kind !== 'error' || reply.status !== NOT_FOUND) return failure(reply);
    return { kind: 'no_report', code: String(reply.envelope.code), message: 'the message does not exist' };
  }
  if (resource['sid'] !== providerMessageId) return unknown('a report that is not about the message');
  const report = readReport(resource['status'], resource['error_code']);
  if (report === undefined) return unknown('a status that is not of a sent message');
  return { ...report, ...readPrice(resource) };
}

function decideFind(reply: Asked<TwilioBody>, lost: LostSms): FindOutcome {
  if (reply.kind !== 'reply') return reply;
  const resource = resourceOf(reply);
  if (resource === undefined) return failure(reply);
  const { messages } = resource;
  if (!Array.isArray(messages)) return unknown('a list of messages that is not a list');
  return matchLost(
    messages.flatMap((message) => readListed(message, lost.to)),
    lost,
  );
}

/** A message of the list, when it is readable, of the shop and to this number. */
function readListed(message: unknown, to: string): ListedSms[] {
  if (!isRecord(message) || message['to'] !== to || message['direction'] !== 'outbound-api') return [];
  const { sid, body, date_created: created } = message;
  const sentAtMs = typeof created === 'string' ? Date.parse(created) : Number.NaN;
  if (!isSid(sid) || typeof body !== 'string' || Number.isNaN(sentAtMs)) return [];
  return [{ providerMessageId: sid, text: body, sentAtMs, ...readPrice(message) }];
}

function isSid(value: unknown): value is string {
  return typeof value === 'string' && SID.test(value);
}
