import { isWebAddress } from './content';
import { TwilioError } from './errors';

/** How a message is to be sent. */
export interface Options {
  readonly statusCallback: string | null;
  readonly validForMs: number;
  /** When a scheduled message sets out; null for now. */
  readonly sendAt: number | null;
}

const LONGEST_ADDRESS = 4_000;
const LONGEST_VALIDITY_S = 36_000;
const SOONEST_MS = 300_000;
const LATEST_MS = 35 * 24 * 3_600_000;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Fields that change nothing here, with what they accept. */
const CHECKED: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    ['SmartEncoded', 'ProvideFeedback', 'ForceDelivery', 'SendAsMms', 'ShortenUrls'].map((name) => [
      name,
      /^(true|false)$/i,
    ]),
  ),
  ApplicationSid: /^AP[0-9a-f]{32}$/i,
  Attempt: /^\d+$/,
  MaxPrice: /^\d+(\.\d+)?$/,
  ContentRetention: /^(retain|discard)$/,
  AddressRetention: /^(retain|obfuscate)$/,
  TrafficType: /^free$/,
  RiskCheck: /^(enable|disable)$/,
  MessageIntent:
    /^(otp|notifications|marketing|fraud|security|customercare|delivery|education|polling|announcements|events)$/,
};

/** Reads all that is neither recipient, sender nor content. */
export function readOptions(form: URLSearchParams, hasService: boolean, now: number): Options {
  for (const [name, accepted] of Object.entries(CHECKED)) {
    const value = form.get(name);
    if (value && !accepted.test(value)) throw new TwilioError(20001, name);
  }
  if (form.get('ShortenUrls') === 'true' && !hasService) throw new TwilioError(20001, 'ShortenUrls');
  if (form.get('FallbackFrom') && !hasService) throw new TwilioError(20001, 'FallbackFrom');
  return {
    statusCallback: readStatusCallback(form.get('StatusCallback') || null),
    validForMs: readValidity(form.get('ValidityPeriod') || String(LONGEST_VALIDITY_S)),
    sendAt: readSchedule(form, hasService, now),
  };
}

function readStatusCallback(url: string | null): string | null {
  if (url === null || (url.length <= LONGEST_ADDRESS && isWebAddress(url))) return url;
  throw new TwilioError(21609, url);
}

function readValidity(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > LONGEST_VALIDITY_S) throw new TwilioError(21624);
  return seconds * 1_000;
}

function readSchedule(form: URLSearchParams, hasService: boolean, now: number): number | null {
  const type = form.get('ScheduleType');
  const at = form.get('SendAt');
  if (!type && !at) return null;
  if (type !== 'fixed') throw new TwilioError(35126);
  if (!hasService) throw new TwilioError(35118);
  if (!at) throw new TwilioError(35111);
  const sendAt = ISO_8601.test(at) ? Date.parse(at) : Number.NaN;
  const isInWindow = sendAt >= now + SOONEST_MS && sendAt <= now + LATEST_MS;
  if (!isInWindow) throw new TwilioError(35114);
  return sendAt;
}
