import { HttpTransportError, retryAfterMs, type HttpClient } from '../../../platform/http-client';
import { readEnvelope, type Envelope } from './envelope';

/** The shop's account at Zarinpal. The merchant id is the only credential. */
export interface ZarinpalAccount {
  readonly merchantId: string;
  /** The part of the API's addresses before `/pg/v4/payment/…`. */
  readonly baseUrl: string;
}

/** The methods of REST v4 that the shop uses. */
export type ZarinpalMethod = 'request' | 'verify' | 'inquiry' | 'reverse' | 'unVerified';

/** A body that could be read, or why there is none. */
export type Reply =
  | ({ readonly kind: 'reply'; readonly retryAfterMs: number | undefined } & Envelope)
  | { readonly kind: 'no_reply'; readonly message: string };

export type ZarinpalClient = (method: ZarinpalMethod, body?: Record<string, unknown>) => Promise<Reply>;

/**
 * Calls Zarinpal's REST v4 with one POST. It never retries, because only the caller knows which methods may be repeated.
 * It ignores HTTP statuses below 500, because sources and Zarinpal's own hosts disagree about them.
 */
export function createZarinpalClient(account: ZarinpalAccount, http: HttpClient): ZarinpalClient {
  const base = account.baseUrl.replace(/\/+$/, '');
  return async (method, body = {}) => {
    try {
      const response = await http.postJson(`${base}/pg/v4/payment/${method}.json`, {
        merchant_id: account.merchantId,
        ...body,
      });
      if (response.status >= 500) return noReply(`${method}: HTTP ${response.status}`);
      const envelope = readEnvelope(response.text);
      if (envelope === undefined)
        return noReply(`${method}: HTTP ${response.status} with a body that is not JSON`);
      return {
        kind: 'reply',
        ...envelope,
        message: redact(envelope.message),
        retryAfterMs: retryAfterMs(response),
      };
    } catch (error) {
      if (error instanceof HttpTransportError) return noReply(`${method}: no answer (${error.kind})`);
      throw error;
    }
  };
}

function noReply(message: string): Reply {
  return { kind: 'no_reply', message };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/**
 * Outcomes are stored and logged. What the provider echoes must not put the credential (a UUID) or a card number into
 * them.
 */
function redact(message: string): string {
  return message
    .replace(UUID, '[id]')
    .replace(/\d{13,19}/g, '[number]')
    .slice(0, 300);
}
