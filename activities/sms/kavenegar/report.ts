import type { DeliveryReport, DeliveryState, ReportOutcome } from '../../../workflows/sms/sms-provider.steps';
import { unknown, type Asked } from '../ask-provider';
import { readMessageId } from '../read-values';
import { entriesOf, failure, succeeded, type KavenegarEnvelope } from './client';

/** The status of an id that Kavenegar does not know, or not any more. */
export const NOT_KNOWN = 100;
const BLOCKED = 14;

/** https://kavenegar.com/rest.html#result-msgmode */
const STATES: Readonly<Record<number, DeliveryState>> = {
  1: 'pending',
  2: 'pending',
  4: 'pending',
  5: 'pending',
  6: 'failed',
  10: 'delivered',
  11: 'undelivered',
  13: 'failed',
  [BLOCKED]: 'failed',
};

/** What `sms/status` says about one message. */
export function decideReport(reply: Asked<KavenegarEnvelope>, providerMessageId: string): ReportOutcome {
  if (reply.kind !== 'reply') return reply;
  if (!succeeded(reply)) return failure(reply);
  const entry = entriesOf(reply).find(({ messageid }) => readMessageId(messageid) === providerMessageId);
  if (entry === undefined) return unknown('a report that is not about the message');
  const code = entry['status'];
  if (code === NOT_KNOWN) {
    return { kind: 'no_report', code: String(code), message: 'the id is not known, or older than 48 hours' };
  }
  const state = typeof code === 'number' ? STATES[code] : undefined;
  if (typeof code !== 'number' || state === undefined)
    return unknown('a status that Kavenegar does not document for a sent message');
  return {
    kind: 'report',
    state,
    code: String(code),
    ...(code === BLOCKED ? { class: 'stop' } : {}),
  } satisfies DeliveryReport;
}
