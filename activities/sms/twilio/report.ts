import type { DeliveryReport, DeliveryState, SmsCost } from '../../../workflows/sms/sms-provider.steps';
import { readDecimal } from '../read-values';
import { CODES } from './codes';

/**
 * What a status of ours means. `undelivered` is final at Twilio: https://www.twilio.com/docs/messaging/api/message-resource .
 * `receiving` and `received` are of messages to the shop.
 */
const STATES: Readonly<Record<string, DeliveryState>> = {
  accepted: 'pending',
  scheduled: 'pending',
  queued: 'pending',
  sending: 'pending',
  sent: 'pending',
  partially_delivered: 'pending',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** Where a message stands, by its status and its error, from a resource or a callback. Undefined for an unknown status. */
export function readReport(status: unknown, errorCode: unknown): DeliveryReport | undefined {
  const state = typeof status === 'string' && Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  if (state === undefined) return undefined;
  const error = readErrorCode(errorCode);
  if (state !== 'failed' || error === undefined) return { kind: 'report', state, code: String(status) };
  const isStop = CODES[Number(error)]?.class === 'stop';
  return { kind: 'report', state, code: error, ...(isStop ? { class: 'stop' } : {}) };
}

/** Twilio writes a price as what it takes away: `-0.00750`. It is null until the message is sent. */
export function readPrice({ price, price_unit: unit }: Readonly<Record<string, unknown>>): {
  cost?: SmsCost;
} {
  const amount = typeof price === 'string' ? readDecimal(price) : undefined;
  if (amount === undefined || typeof unit !== 'string' || !/^[a-z]{3}$/i.test(unit)) return {};
  return { cost: { amount: amount.replace(/^-/, ''), unit: unit.toUpperCase() } };
}

function readErrorCode(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{4}$/.test(text) ? text : undefined;
}
