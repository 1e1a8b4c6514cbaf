import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { onTestFinished } from 'vitest';

import { createApp, registerRoutes, type Registered } from '../../../api/app';
import type { Dependencies } from '../../../api/dependencies';
import { serveApi } from '../../../api/serve';
import { ApiConfig } from '../../../platform/config/api';
import { CheckoutConfig } from '../../../platform/config/checkout';
import { PublicAddressConfig } from '../../../platform/config/public-address';
import { RateLimitsConfig } from '../../../platform/config/rate-limits';
import { createLogger } from '../../../platform/logger';
import { createMetrics } from '../../../platform/metrics';
import { createRateLimiter } from '../../../platform/rate-limit';
import { createSignedTokens } from '../../../platform/signed-token';
import { collectLines } from '../platform/log-lines';

/** A listening API whose neighbours are all away. */
export interface ApiUnderTest {
  readonly url: string;
  readonly dependencies: Dependencies;
  /** The log so far. */
  lines(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** An API on a free port with these settings, and these routes instead of the shop's. */
export async function openApiUnderTest(
  options: {
    api?: Partial<ApiConfig>;
    publicUrl?: string;
    limits?: Partial<RateLimitsConfig>;
    routes?: (dependencies: Dependencies) => readonly Registered[];
    overrides?: Partial<Dependencies>;
  } = {},
): Promise<ApiUnderTest> {
  const { destination, lines } = collectLines();
  const redis = new Redis({ lazyConnect: true, enableOfflineQueue: false });
  redis.on('error', () => {});
  const api = Object.assign(new ApiConfig(), { apiPort: 0 }, options.api);
  const dependencies = {
    config: {
      api,
      publicAddress: Object.assign(
        new PublicAddressConfig(),
        options.publicUrl && { publicUrl: options.publicUrl },
      ),
      rateLimits: Object.assign(new RateLimitsConfig(), options.limits),
      checkout: new CheckoutConfig(),
    },
    database: new DataSource({ type: 'postgres' }),
    redis,
    logger: createLogger({ logLevel: 'info' }, { service: 'api', destination }),
    metrics: createMetrics(),
    rateLimiter: createRateLimiter(redis),
    tokens: createSignedTokens(api.tokenSecrets),
    inbound: new Map(),
    healthChecks: [],
    isStopping: () => false,
    now: () => new Date(),
    ...options.overrides,
  } as Dependencies;
  const app = createApp(dependencies, (options.routes ?? registerRoutes)(dependencies));
  const server = await serveApi(app, api);
  return {
    url: server.url,
    dependencies,
    lines,
    close: () => server.close().finally(() => redis.disconnect()),
  };
}

/** {@link openApiUnderTest} for one test, at whose end it closes. */
export async function openApiForTest(...options: Parameters<typeof openApiUnderTest>): Promise<ApiUnderTest> {
  const api = await openApiUnderTest(...options);
  onTestFinished(() => api.close());
  return api;
}
