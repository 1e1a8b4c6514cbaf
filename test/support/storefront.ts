import type { DataSource } from 'typeorm';

import type { InboundByGateway } from '../../activities/payments/inbound';
import { zarinpalInbound } from '../../activities/payments/zarinpal/inbound';
import type { Neighbours } from '../../api/dependencies';
import { orderToken } from '../../entities/orders/order-token';
import type { CheckoutConfig } from '../../platform/config/checkout';
import { TokensConfig } from '../../platform/config/tokens';
import { createSignedTokens } from '../../platform/signed-token';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

/** An answer of the API. */
export interface StorefrontAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The API over a database and nothing else. Browsing and carts work while Redis and Temporal are away. */
export interface Storefront {
  readonly url: string;
  get<Body>(path: string, headers?: Record<string, string>): Promise<StorefrontAnswer<Body>>;
  send<Body>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<StorefrontAnswer<Body>>;
  readonly accessToken: ApiUnderTest['accessToken'];
  /** What was logged so far. */
  lines(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** The headers of the owner of this order, for an API with the development secrets. */
export function ownerOf(orderId: string): Record<string, string> {
  return { 'X-Order-Token': orderToken(createSignedTokens(new TokensConfig().tokenSecrets), orderId) };
}

/** A gateway for the prices of tests, which are easy to add up. */
const ANY_AMOUNT: InboundByGateway = new Map([
  ['zarinpal', { ...zarinpalInbound, limits: { ...zarinpalInbound.limits, minimum: 1 } }],
]);

/** Opens the API on this database. Its limits per address are too high to be reached. */
export async function openStorefront(
  database: DataSource,
  checkout: Partial<CheckoutConfig> = {},
  own: Partial<Pick<Neighbours, 'answers' | 'catalogDatabase' | 'searchDatabase' | 'temporal'>> = {},
): Promise<Storefront> {
  const limits = { catalogRequestsPerMinute: 100_000_000, cartRequestsPerMinute: 100_000_000 };
  const api = await openApiUnderTest({
    limits,
    checkout,
    neighbours: {
      database,
      catalogDatabase: database,
      searchDatabase: database,
      ...own,
      inbound: ANY_AMOUNT,
    },
  });

  async function call<Body>(path: string, init: RequestInit): Promise<StorefrontAnswer<Body>> {
    const response = await fetch(`${api.url}/api/v1${path}`, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  }
  return {
    url: api.url,
    get: (path, headers = {}) => call(path, { headers }),
    send: (method, path, body, headers = {}) =>
      call(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    accessToken: api.accessToken,
    lines: api.lines,
    close: api.close,
  };
}
