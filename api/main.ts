import { createInbound } from '../activities/payments/inbound';
import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { ApiConfig } from '../platform/config/api';
import { CheckoutConfig } from '../platform/config/checkout';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig, secretsOf } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { RateLimitsConfig } from '../platform/config/rate-limits';
import { RedisConfig } from '../platform/config/redis';
import { RuntimeConfig } from '../platform/config/runtime';
import { TemporalConfig } from '../platform/config/temporal';
import { createKeyedHash } from '../platform/keyed-hash';
import { createLifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { startMetricsServer } from '../platform/metrics-server';
import { openPostgres } from '../platform/postgres';
import { observePostgres } from '../platform/postgres-metrics';
import { createRateLimiter } from '../platform/rate-limit';
import { closeRedis, createRedis } from '../platform/redis';
import { runProcess } from '../platform/run-process';
import { createSignedTokens } from '../platform/signed-token';
import { checkoutTerms, createCheckoutCalls } from '../temporal/checkout';
import { createTemporalClient } from '../temporal/connection';
import { createApp } from './app';
import { serveApi } from './serve';

/** The process that answers HTTP. It starts without Temporal and without Redis; what needs them says so meanwhile. */
async function main(): Promise<void> {
  const config = loadConfig({
    runtime: RuntimeConfig,
    api: ApiConfig,
    publicAddress: PublicAddressConfig,
    rateLimits: RateLimitsConfig,
    checkout: CheckoutConfig,
    database: DatabaseConfig,
    redis: RedisConfig,
    temporal: TemporalConfig,
  });
  const logger = createLogger(config.runtime, { service: 'api', secrets: secretsOf(config) });
  const lifecycle = createLifecycle(logger, config.runtime);
  lifecycle.listen();

  const metrics = createMetrics({ process: true });
  const metricsServer = await startMetricsServer(metrics, {
    host: config.api.apiHost,
    port: config.api.metricsPort,
  });
  lifecycle.onStop('metrics', () => metricsServer.close());
  const database = await openPostgres(
    config.database,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-api',
  );
  lifecycle.onStop('postgres', () => database.destroy());
  observePostgres(database, metrics);
  const redis = createRedis(config.redis, logger);
  lifecycle.onStop('redis', () => closeRedis(redis));
  const temporal = createTemporalClient(config.temporal);
  lifecycle.onStop('temporal', () => temporal.close());

  const app = createApp({
    config,
    database,
    redis,
    logger,
    metrics,
    rateLimiter: createRateLimiter(redis, logger),
    tokens: createSignedTokens(config.api.tokenSecrets),
    keyedHash: createKeyedHash(config.api.hashSecret),
    checkout: createCheckoutCalls(
      temporal.client,
      checkoutTerms(config.checkout),
      config.temporal.temporalDeadlineMs,
    ),
    inbound: createInbound(),
    healthChecks: [{ name: 'temporal', required: false, check: () => temporal.ping() }],
    isStopping: () => lifecycle.isStopping,
    now: () => new Date(),
  });
  const server = await serveApi(app, config.api);
  lifecycle.onStop('http', (drainTimeMs) => server.close(drainTimeMs));
  logger.info({ url: server.url }, 'api is ready');
}

void runProcess(main);
