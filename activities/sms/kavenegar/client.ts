import type { HttpClient } from '../../../platform/http-client';
import type { SmsRefused, SmsUnknown } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { askProvider, refused, refusedBy, unknown, type Asked, type ProviderReply } from '../ask-provider';
import { CODES } from './codes';

/** The shop's account at Kavenegar. */
export interface KavenegarAccount {
  readonly apiKey: string;
  /** The part of the API's addresses before `/v1`. */
  readonly baseUrl: string;
}

/** Every answer of Kavenegar, good or bad. Its Persian text is not read. */
export interface KavenegarEnvelope {
  readonly code: number;
  readonly entries: unknown;
}

export type KavenegarReply = ProviderReply<KavenegarEnvelope>;

/** The methods that the shop uses. */
export type KavenegarMethod =
  | 'verify/lookup'
  | 'sms/send'
  | 'sms/sendarray'
  | 'sms/status'
  | 'sms/statuslocalmessageid'
  | 'sms/statusbyreceptor'
  | 'sms/select'
  | 'account/info';

export type KavenegarClient = (
  method: KavenegarMethod,
  fields?: Readonly<Record<string, string>>,
) => Promise<Asked<KavenegarEnvelope>>;

/**
 * Calls Kavenegar, REST v1, with one POST that is never repeated. The key is a part of the address, as Kavenegar wants it;
 * numbers and texts are not, so that no proxy writes them down.
 */
export function createKavenegarClient(
  { apiKey, baseUrl }: KavenegarAccount,
  http: HttpClient,
): KavenegarClient {
  const base = `${baseUrl.replace(/\/+$/, '')}/v1/${encodeURIComponent(apiKey)}/`;
  return (method, fields = {}) => askProvider(http.postForm(`${base}${method}.json`, fields), readEnvelope);
}

/** A success needs both: HTTP's word and the envelope's. */
export function succeeded({ isOk, envelope }: KavenegarReply): boolean {
  return isOk && envelope.code === 200;
}

/** What a call without success means. The envelope decides; a code that is not documented is unknown. */
export function failure({
  envelope: { code },
  status,
  retryAfterMs,
}: KavenegarReply): SmsRefused | SmsUnknown {
  const known = CODES[code];
  switch (known?.class) {
    case 'stop':
    case 'bug':
    case 'config':
    case 'overload':
      return refusedBy({ ...known, class: known.class }, code, retryAfterMs);
    case 'ok':
      return unknown(`HTTP ${status} around a success`);
    default:
      // The code is also the HTTP status, so these are failures of Kavenegar's servers that it reports itself.
      if (code >= 500 && code < 600) return refused('overload', code, 'a failure of Kavenegar', retryAfterMs);
      if (status === 429) return refused('overload', code, 'too many requests', retryAfterMs);
      return unknown(`HTTP ${status} with status ${code}, which Kavenegar does not document`);
  }
}

/** The entries of an answer, whether it has a list of them or one. */
export function entriesOf({ envelope: { entries } }: KavenegarReply): readonly Record<string, unknown>[] {
  return (Array.isArray(entries) ? (entries as unknown[]) : [entries]).filter(isRecord);
}

function readEnvelope(body: unknown): KavenegarEnvelope | undefined {
  const head = isRecord(body) ? body['return'] : undefined;
  if (!isRecord(body) || !isRecord(head)) return undefined;
  const { status } = head;
  if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  return { code: status, entries: body['entries'] };
}
