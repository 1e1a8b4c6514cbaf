import type { DeliveryReport, DeliveryState, ReportOutcome } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { unknown, type Asked } from '../ask-provider';
import { readCost, readMessageId } from '../read-values';
import { failure, succeeded, type SmsIrEnvelope } from './client';
import { CODES } from './codes';

/** SMS.ir counts in credits of its own. */
export const SMS_IR_UNIT = 'credit';

const BLACKLISTED = 7;
const NO_SUCH_SEND = 111;

/** https://sms.ir/developer-web-service/rest-api/ ; 3 and 5 are with the telephone company, 8 is not known. */
const STATES: Readonly<Record<number, DeliveryState>> = {
  1: 'delivered',
  2: 'undelivered',
  3: 'pending',
  4: 'undelivered',
  5: 'pending',
  6: 'failed',
  [BLACKLISTED]: 'failed',
  8: 'pending',
};

/** What the report of one message says. A message without a state has not been reported yet. */
export function decideReport(reply: Asked<SmsIrEnvelope>, providerMessageId: string): ReportOutcome {
  if (reply.kind !== 'reply') return reply;
  if (!succeeded(reply)) return decideFailure(reply);
  const { data } = reply.envelope;
  if (!isRecord(data) || readMessageId(data['messageId']) !== providerMessageId) {
    return unknown('a report that is not about the message');
  }
  const { deliveryState: code, cost } = data;
  if (code === null)
    return { kind: 'report', state: 'pending', code: 'none', ...readCost(cost, SMS_IR_UNIT) };
  const state = typeof code === 'number' ? STATES[code] : undefined;
  if (typeof code !== 'number' || state === undefined)
    return unknown('a delivery state that SMS.ir does not document');
  return {
    kind: 'report',
    state,
    code: String(code),
    ...(code === BLACKLISTED ? { class: 'stop' } : {}),
    ...readCost(cost, SMS_IR_UNIT),
  } satisfies DeliveryReport;
}

function decideFailure(reply: Extract<Asked<SmsIrEnvelope>, { kind: 'reply' }>): ReportOutcome {
  if (reply.envelope.code !== NO_SUCH_SEND) return failure(reply);
  return { kind: 'no_report', code: String(NO_SUCH_SEND), message: CODES[NO_SUCH_SEND]!.message };
}
