import type { Call } from '../../kit/call';
import type { Zarinpal } from './zarinpal';

const SANDBOX_HOST = 'sandbox.zarinpal.com';

export const REST_HOSTS = ['payment.zarinpal.com', SANDBOX_HOST, 'api.zarinpal.com'];
export const PAY_PAGE_HOSTS = ['payment.zarinpal.com', SANDBOX_HOST, 'www.zarinpal.com'];
export const GRAPHQL_HOSTS = ['next.zarinpal.com'];

/** All names under which Zarinpal is known. */
export const HOSTS = [...new Set([...REST_HOSTS, ...PAY_PAGE_HOSTS, ...GRAPHQL_HOSTS])];

/** Whether any UUID is a merchant id where the call arrived; authorities then begin with `S`. */
export function acceptsAnyId({ switches }: Zarinpal, { url: { hostname } }: Call): boolean {
  if (HOSTS.includes(hostname)) return hostname === SANDBOX_HOST;
  return switches().plainHostMode === 'any-uuid';
}
