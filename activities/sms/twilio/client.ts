import type { HttpClient } from '../../../platform/http-client';
import type { SmsRefused, SmsUnknown } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { askProvider, refusedBy, unknown, type Asked, type ProviderReply } from '../ask-provider';
import { meaningOf } from './codes';

/** The shop's account at Twilio. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** The part of the API's addresses before `/2010-04-01`. */
  readonly baseUrl: string;
}

/** A resource, or an error. */
export type TwilioBody =
  | { readonly kind: 'resource'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: number };

export type TwilioReply = ProviderReply<TwilioBody>;

/** Calls below the account's address, one each, never repeated. */
export interface TwilioClient {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<Asked<TwilioBody>>;
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Asked<TwilioBody>>;
}

/** Calls Twilio, REST 2010-04-01. The token travels in a header and stands in no outcome. */
export function createTwilioClient(
  { accountSid, authToken, baseUrl }: TwilioAccount,
  http: HttpClient,
): TwilioClient {
  const base = `${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}/`;
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}` };
  return {
    get(path, query) {
      const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
      return askProvider(http.get(base + path + search, headers), readBody);
    },
    post: (path, fields) => askProvider(http.postForm(base + path, fields, headers), readBody),
  };
}

/** The fields of a success; undefined for an error, whatever its HTTP status. */
export function resourceOf({ isOk, envelope }: TwilioReply): Readonly<Record<string, unknown>> | undefined {
  return isOk && envelope.kind === 'resource' ? envelope.fields : undefined;
}

/** What a call without success means. */
export function failure({ envelope, status, retryAfterMs }: TwilioReply): SmsRefused | SmsUnknown {
  if (envelope.kind !== 'error') return unknown(`HTTP ${status} without an error`);
  const { code } = envelope;
  const meaning = meaningOf(code, status);
  if (meaning === undefined) return unknown(`HTTP ${status} with code ${code}, which is not known`);
  return refusedBy(meaning, code, retryAfterMs);
}

/** An error has a `code`, in Twilio's old form and in that of RFC 9457. Anything else is only a resource with a success. */
function readBody(body: unknown, status: number): TwilioBody | undefined {
  if (!isRecord(body)) return undefined;
  const { code } = body;
  if (typeof code === 'number' && Number.isInteger(code) && code > 0) return { kind: 'error', code };
  return status >= 200 && status < 300 ? { kind: 'resource', fields: body } : undefined;
}
