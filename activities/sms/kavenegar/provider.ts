import type { HttpClient } from '../../../platform/http-client';
import type { SendOutcome } from '../../../workflows/sms/sms-provider.steps';
import { unknown, type Asked } from '../ask-provider';
import { iranianSpelling, readCost, readDecimal, readMessageId } from '../read-values';
import type { SmsProvider } from '../sms-provider';
import {
  createKavenegarClient,
  entriesOf,
  failure,
  succeeded,
  type KavenegarAccount,
  type KavenegarEnvelope,
} from './client';
import { createKavenegarFind } from './find';
import { decideReport } from './report';

export interface KavenegarSettings extends KavenegarAccount {
  /** The line that texts are sent from. Without it Kavenegar takes the account's own. */
  readonly sender?: string | undefined;
  /** For tests. */
  readonly now?: () => number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Kavenegar's prices are in rials. */
const UNIT = 'rial';

/**
 * Kavenegar, REST v1. Codes go through `verify/lookup`, which reaches people who block advertising. Texts carry our reference
 * as `localid`: a repeated one sends nothing and returns the first record. `verify/lookup` takes no `localid`.
 * https://kavenegar.com/rest.html
 */
export function createKavenegarProvider(
  { sender, now = Date.now, ...account }: KavenegarSettings,
  http: HttpClient,
): SmsProvider {
  const call = createKavenegarClient(account, http);
  return {
    name: 'kavenegar',
    codesBy: 'template',
    referencesBy: ['text'],
    // Kavenegar itself looks again only 5 minutes after the hand-over, and forgets a message after 48 hours.
    reportsAfterMs: [
      5 * SECOND,
      10 * SECOND,
      20 * SECOND,
      40 * SECOND,
      80 * SECOND,
      5 * MINUTE,
      30 * MINUTE,
      24 * HOUR,
      47 * HOUR,
    ],

    async sendTemplate({ to, template, parameters }) {
      return decideSend(
        await call('verify/lookup', { ...parameters, receptor: iranianSpelling(to), template }),
      );
    },

    async sendText({ to, text, reference }) {
      return decideSend(
        await call('sms/send', {
          receptor: iranianSpelling(to),
          message: text,
          localid: reference,
          ...(sender === undefined ? {} : { sender }),
        }),
      );
    },

    async report({ providerMessageId }) {
      return decideReport(await call('sms/status', { messageid: providerMessageId }), providerMessageId);
    },

    find: createKavenegarFind(call, now),

    async credit() {
      const reply = await call('account/info');
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const amount = readDecimal(entriesOf(reply)[0]?.['remaincredit']);
      if (amount === undefined) return unknown('an account without its credit');
      return { kind: 'credit', left: { amount, unit: UNIT } };
    },
  };
}

function decideSend(reply: Asked<KavenegarEnvelope>): SendOutcome {
  if (reply.kind !== 'reply') return reply;
  if (!succeeded(reply)) return failure(reply);
  const [entry, ...others] = entriesOf(reply);
  const providerMessageId = others.length === 0 ? readMessageId(entry?.['messageid']) : undefined;
  if (providerMessageId === undefined) return unknown('a success without the id of one message');
  return { kind: 'accepted', providerMessageId, ...readCost(entry?.['cost'], UNIT) };
}
