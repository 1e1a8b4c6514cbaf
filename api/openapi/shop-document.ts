import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';

import { AnalyticsConfig } from '../../platform/config/analytics';
import { ApiConfig } from '../../platform/config/api';
import { AuthConfig, FactorConfig } from '../../platform/config/auth';
import { CacheConfig } from '../../platform/config/cache';
import { CampaignPricesConfig } from '../../platform/config/campaigns';
import { CheckoutConfig } from '../../platform/config/checkout';
import { CodesConfig } from '../../platform/config/codes';
import { CustomersConfig } from '../../platform/config/customers';
import { EdgeConfig } from '../../platform/config/edge';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { SupplierSecretsConfig } from '../../platform/config/purchasing';
import { RateLimitsConfig } from '../../platform/config/rate-limits';
import { SmsCallbackConfig, SmsMessagesConfig } from '../../platform/config/sms';
import { SmsDeliveryConfig } from '../../platform/config/sms-delivery';
import { StockConfig } from '../../platform/config/stock';
import { TemporalConfig } from '../../platform/config/temporal';
import { TokensConfig } from '../../platform/config/tokens';
import { WarmingSecretsConfig } from '../../platform/config/warming';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { makeSigningKeys } from '../../platform/signing-keys';
import { createS3Storage } from '../../platform/storage/s3-storage';
import { createTemporalClient } from '../../temporal/connection';
import { createAnswers } from '../answers/open-answers';
import { createDependencies } from '../dependencies';
import type { RegisteredRoute } from '../router';
import { registerRoutes } from '../routes';
import { describeApi, type OpenApiDocument } from './document';

const NO_STORE = {
  ...{ endpoint: 'http://127.0.0.1', bucket: 'none', region: 'none', pathStyle: true },
  ...{ accessKey: 'none', secretKey: 'none', timeoutMs: 1_000 },
};

/** The document of the shop's routes. */
export function describeShop(): OpenApiDocument {
  return describeApi(listRoutes());
}

/** The shop's routes without anything running: registering a route does not use its neighbours. */
export function listRoutes(): readonly RegisteredRoute[] {
  const settings = {
    api: new ApiConfig(),
    edge: new EdgeConfig(),
    tokens: new TokensConfig(),
    auth: Object.assign(new AuthConfig(), { signingKeys: makeSigningKeys() }),
    factor: new FactorConfig(),
    publicAddress: new PublicAddressConfig(),
    rateLimits: new RateLimitsConfig(),
    checkout: new CheckoutConfig(),
    temporal: Object.assign(new TemporalConfig(), { temporalAddress: 'localhost:7233' }),
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
  };
  const database = new DataSource({ type: 'postgres' });
  const neighbours = {
    database,
    catalogDatabase: database,
    searchDatabase: database,
    redis: new Redis({ lazyConnect: true }),
    answers: createAnswers(new CacheConfig(), createMetrics()),
    temporal: createTemporalClient(settings.temporal),
    logger: createLogger({ logLevel: 'silent' }, { service: 'api' }),
    metrics: createMetrics(),
    storage: { kind: 's3', storage: createS3Storage(NO_STORE), close: () => Promise.resolve() } as const,
    inbound: new Map(),
    isStopping: () => false,
  };
  return registerRoutes(createDependencies(settings, neighbours));
}
