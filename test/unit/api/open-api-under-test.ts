import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { onTestFinished } from 'vitest';

import { createAnswers } from '../../../api/answers/open-answers';
import { createApi } from '../../../api/app';
import type { Neighbours } from '../../../api/dependencies';
import { describeRoute } from '../../../api/describe-route';
import type { RegisteredRoute } from '../../../api/router';
import { serveApi } from '../../../api/serve';
import { signAccessToken, type AccessClaims } from '../../../platform/access-token';
import { AnalyticsConfig } from '../../../platform/config/analytics';
import { ApiConfig } from '../../../platform/config/api';
import { AuthConfig, FactorConfig } from '../../../platform/config/auth';
import { CacheConfig } from '../../../platform/config/cache';
import { CampaignPricesConfig } from '../../../platform/config/campaigns';
import { CheckoutConfig } from '../../../platform/config/checkout';
import { CodesConfig } from '../../../platform/config/codes';
import { CustomersConfig } from '../../../platform/config/customers';
import { EdgeConfig } from '../../../platform/config/edge';
import { PublicAddressConfig } from '../../../platform/config/public-address';
import { SupplierSecretsConfig } from '../../../platform/config/purchasing';
import { RateLimitsConfig } from '../../../platform/config/rate-limits';
import { SmsCallbackConfig, SmsMessagesConfig } from '../../../platform/config/sms';
import { SmsDeliveryConfig } from '../../../platform/config/sms-delivery';
import { StockConfig } from '../../../platform/config/stock';
import { TemporalConfig } from '../../../platform/config/temporal';
import { TokensConfig } from '../../../platform/config/tokens';
import { WarmingSecretsConfig } from '../../../platform/config/warming';
import { createLogger } from '../../../platform/logger';
import { createMetrics, type Metrics } from '../../../platform/metrics';
import { makeSigningKeys, readSigningKeys } from '../../../platform/signing-keys';
import { createS3Storage } from '../../../platform/storage/s3-storage';
import { createTemporalClient } from '../../../temporal/connection';
import { collectLines } from '../platform/log-lines';

/** No server listens there. */
const NOWHERE = '127.0.0.1:1';
const AWAY = createS3Storage({
  ...{ endpoint: `http://${NOWHERE}`, bucket: 'away', pathStyle: true, timeoutMs: 1_000 },
  ...{ region: 'us-east-1', accessKey: 'away', secretKey: 'away' },
});

/** A listening API whose neighbours are all away. */
export interface ApiUnderTest {
  readonly url: string;
  readonly metrics: Metrics;
  /** Signs an access token as this API does. */
  readonly accessToken: (claims: AccessClaims) => string;
  /** The log so far. */
  lines(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** Any JSON object. */
export class AnyView {
  [field: string]: unknown;
}

/** The description of a route that a test is not about. */
export const ANY_ROUTE = describeRoute({
  operation: 'anyRoute',
  tag: 'test',
  summary: 'A route',
  answers: { 200: AnyView },
});

/** An API on a free port with these settings and neighbours, and these routes instead of the shop's. */
export async function openApiUnderTest(
  options: {
    api?: Partial<ApiConfig>;
    edge?: Partial<EdgeConfig>;
    publicUrl?: string;
    limits?: Partial<RateLimitsConfig>;
    checkout?: Partial<CheckoutConfig>;
    temporal?: Partial<TemporalConfig>;
    routes?: readonly RegisteredRoute[];
    neighbours?: Partial<Neighbours>;
  } = {},
): Promise<ApiUnderTest> {
  const { destination, lines } = collectLines();
  const redis = new Redis({ lazyConnect: true, enableOfflineQueue: false });
  redis.on('error', () => {});
  const settings = {
    api: Object.assign(new ApiConfig(), { apiPort: 0 }, options.api),
    edge: Object.assign(new EdgeConfig(), options.edge),
    tokens: new TokensConfig(),
    auth: Object.assign(new AuthConfig(), { signingKeys: makeSigningKeys() }),
    factor: new FactorConfig(),
    publicAddress: Object.assign(
      new PublicAddressConfig(),
      options.publicUrl && { publicUrl: options.publicUrl },
    ),
    rateLimits: Object.assign(new RateLimitsConfig(), options.limits),
    checkout: Object.assign(new CheckoutConfig(), options.checkout),
    customers: new CustomersConfig(),
    stock: new StockConfig(),
    smsMessages: new SmsMessagesConfig(),
    smsDelivery: new SmsDeliveryConfig(),
    smsCallback: new SmsCallbackConfig(),
    campaignPrices: new CampaignPricesConfig(),
    codes: new CodesConfig(),
    supplierSecrets: new SupplierSecretsConfig(),
    warmingSecrets: new WarmingSecretsConfig(),
    analytics: new AnalyticsConfig(),
    temporal: Object.assign(new TemporalConfig(), { temporalAddress: NOWHERE }, options.temporal),
  };
  const temporal = createTemporalClient(settings.temporal);
  const database = options.neighbours?.database ?? new DataSource({ type: 'postgres' });
  const neighbours = {
    database,
    catalogDatabase: database,
    searchDatabase: database,
    redis,
    answers: createAnswers(new CacheConfig(), createMetrics()),
    temporal: { client: temporal.client, ping: () => Promise.reject(new Error('Temporal is away')) },
    logger: createLogger({ logLevel: 'info' }, { service: 'api', destination }),
    metrics: createMetrics(),
    storage: { kind: 's3', storage: AWAY, close: () => Promise.resolve() } as const,
    inbound: new Map(),
    isStopping: () => false,
    ...options.neighbours,
  };
  const { routes } = options;
  const app = createApi(settings, neighbours, routes && (() => routes));
  const server = await serveApi(app, settings.api, neighbours.logger);
  return {
    url: server.url,
    metrics: neighbours.metrics,
    accessToken: (claims) =>
      signAccessToken(
        readSigningKeys(settings.auth.signingKeys),
        { issuer: settings.publicAddress.publicUrl, lifeSeconds: settings.auth.accessTokenSeconds },
        claims,
      ),
    lines,
    async close() {
      await server.close();
      redis.disconnect();
      await temporal.close();
    },
  };
}

/** {@link openApiUnderTest} for one test, at whose end it closes. */
export async function openApiForTest(...options: Parameters<typeof openApiUnderTest>): Promise<ApiUnderTest> {
  const api = await openApiUnderTest(...options);
  onTestFinished(() => api.close());
  return api;
}
