import type { HttpClient } from '../../../platform/http-client';
import type { SmsRefused, SmsUnknown } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { askProvider, refused, refusedBy, unknown, type Asked, type ProviderReply } from '../ask-provider';
import { CODES } from './codes';

/** The shop's account at SMS.ir. */
export interface SmsIrAccount {
  readonly apiKey: string;
  /** The part of the API's addresses before `/v1`. */
  readonly baseUrl: string;
}

/** Every answer of SMS.ir, good or bad. Its Persian text is not read. */
export interface SmsIrEnvelope {
  readonly code: number;
  readonly data: unknown;
}

export type SmsIrReply = ProviderReply<SmsIrEnvelope>;

/** One call each, never repeated, because only the caller knows what may be. */
export interface SmsIrClient {
  get(path: string, query?: Readonly<Record<string, number>>): Promise<Asked<SmsIrEnvelope>>;
  post(path: string, body: Readonly<Record<string, unknown>>): Promise<Asked<SmsIrEnvelope>>;
}

/** Calls SMS.ir, REST v1. The key travels in a header and stands in no outcome. */
export function createSmsIrClient({ apiKey, baseUrl }: SmsIrAccount, http: HttpClient): SmsIrClient {
  const base = `${baseUrl.replace(/\/+$/, '')}/v1/`;
  const headers = { 'x-api-key': apiKey };
  return {
    get(path, query = {}) {
      const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
      return askProvider(http.get(base + path + search, headers), readEnvelope);
    },
    post: (path, body) => askProvider(http.postJson(base + path, body, headers), readEnvelope),
  };
}

/** A success needs both: HTTP's word and the envelope's. */
export function succeeded({ isOk, envelope }: SmsIrReply): boolean {
  return isOk && envelope.code === 1;
}

/** What a call without success means. A code that is not documented, or not for this call, is unknown. */
export function failure({ envelope: { code }, status, retryAfterMs }: SmsIrReply): SmsRefused | SmsUnknown {
  const known = CODES[code];
  switch (known?.class) {
    case 'stop':
    case 'bug':
    case 'config':
    case 'overload':
      return refusedBy({ ...known, class: known.class }, code, retryAfterMs);
    case 'ok':
    case 'report':
      return unknown(`HTTP ${status} with status ${code} makes no sense here`);
    default:
      if (status === 429) return refused('overload', code, 'too many requests', retryAfterMs);
      return unknown(`HTTP ${status} with status ${code}, which SMS.ir does not document`);
  }
}

function readEnvelope(body: unknown): SmsIrEnvelope | undefined {
  if (!isRecord(body) || typeof body['status'] !== 'number' || !Number.isInteger(body['status']))
    return undefined;
  return { code: body['status'], data: body['data'] };
}
