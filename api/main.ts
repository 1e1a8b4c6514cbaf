import { createInbound } from '../activities/payments/inbound';
import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { AnalyticsConfig } from '../platform/config/analytics';
import { ApiConfig } from '../platform/config/api';
import { AuthConfig, FactorConfig } from '../platform/config/auth';
import { CacheConfig } from '../platform/config/cache';
import { CampaignPricesConfig } from '../platform/config/campaigns';
import { CheckoutConfig } from '../platform/config/checkout';
import { CodesConfig } from '../platform/config/codes';
import { CustomersConfig } from '../platform/config/customers';
import { DatabaseConfig } from '../platform/config/database';
import { EdgeConfig } from '../platform/config/edge';
import { loadConfig, secretsOf } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { SupplierSecretsConfig } from '../platform/config/purchasing';
import { RateLimitsConfig } from '../platform/config/rate-limits';
import { RedisConfig } from '../platform/config/redis';
import { RuntimeConfig } from '../platform/config/runtime';
import { SmsCallbackConfig, SmsMessagesConfig } from '../platform/config/sms';
import { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import { StockConfig } from '../platform/config/stock';
import { TemporalConfig } from '../platform/config/temporal';
import { TokensConfig } from '../platform/config/tokens';
import { WarmingSecretsConfig } from '../platform/config/warming';
import { openJournalWake } from '../platform/journal-wake';
import { createLifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { startMetricsServer } from '../platform/metrics-server';
import { openPostgres } from '../platform/postgres';
import { observePostgres } from '../platform/postgres-metrics';
import { closeRedis, createRedis } from '../platform/redis';
import { runProcess } from '../platform/run-process';
import { openStorage, STORAGE_SECTIONS, uploadsUrl } from '../platform/storage/open-storage';
import { onEventsCommitted } from '../platform/transaction';
import { createCacheWarmingCalls } from '../temporal/cache-warming';
import { createTemporalClient } from '../temporal/connection';
import { askForWarming } from './answers/ask-for-warming';
import { keepHotAddresses } from './answers/keep-hot-addresses';
import { openAnswers } from './answers/open-answers';
import { createApi } from './app';
import { openCatalogDatabase, openSearchDatabase } from './catalog/open-catalog-databases';
import { serveApi } from './serve';

/** The process that answers HTTP. It starts without Temporal and Redis; until they are there, what needs them answers 503. */
async function main(): Promise<void> {
  const config = loadConfig({
    runtime: RuntimeConfig,
    tokens: TokensConfig,
    api: ApiConfig,
    edge: EdgeConfig,
    auth: AuthConfig,
    factor: FactorConfig,
    publicAddress: PublicAddressConfig,
    rateLimits: RateLimitsConfig,
    checkout: CheckoutConfig,
    database: DatabaseConfig,
    redis: RedisConfig,
    cache: CacheConfig,
    temporal: TemporalConfig,
    customers: CustomersConfig,
    stock: StockConfig,
    smsMessages: SmsMessagesConfig,
    smsDelivery: SmsDeliveryConfig,
    smsCallback: SmsCallbackConfig,
    campaignPrices: CampaignPricesConfig,
    codes: CodesConfig,
    ...STORAGE_SECTIONS,
    supplierSecrets: SupplierSecretsConfig,
    warmingSecrets: WarmingSecretsConfig,
    analytics: AnalyticsConfig,
  });
  const logger = createLogger(config.runtime, { service: 'api', secrets: secretsOf(config) });
  const lifecycle = createLifecycle(logger, config.runtime);
  lifecycle.listen();

  const metrics = createMetrics({ process: true });
  const metricsServer = await startMetricsServer(metrics, {
    host: config.api.metricsHost,
    port: config.api.metricsPort,
  });
  lifecycle.onStop('metrics', () => metricsServer.close());
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const database = await openPostgres(config.database, schema, 'asoud-api');
  lifecycle.onStop('postgres', () => database.destroy());
  const journal = openJournalWake(config.database, { applicationName: 'asoud-api-wake', logger });
  lifecycle.onStop('wake-up of the journal', () => journal.close());
  onEventsCommitted(database, journal.wake);
  const catalogDatabase = await openCatalogDatabase(config.database, config.api, schema);
  lifecycle.onStop('postgres of the catalogue', () => catalogDatabase.destroy());
  const searchDatabase = await openSearchDatabase(config.database, config.api, schema);
  lifecycle.onStop('postgres of searches', () => searchDatabase.destroy());
  observePostgres({ shop: database, catalog: catalogDatabase, search: searchDatabase }, metrics);
  const redis = createRedis(config.redis, logger);
  lifecycle.onStop('redis', () => closeRedis(redis));
  const storage = await openStorage(config, uploadsUrl(config.publicAddress.publicUrl));
  lifecycle.onStop('storage', storage.close);
  const answers = await openAnswers(config, { logger, metrics }, [
    config.publicAddress.publicUrl,
    config.checkout.unitsPerLine,
  ]);
  lifecycle.onStop('answers', () => answers.close());
  const temporal = createTemporalClient(config.temporal);
  lifecycle.onStop('temporal', () => temporal.close());

  const app = createApi(config, {
    database,
    catalogDatabase,
    searchDatabase,
    redis,
    answers: answers.cache,
    temporal,
    storage,
    logger,
    metrics,
    inbound: createInbound(),
    isStopping: () => lifecycle.isStopping,
  });
  const server = await serveApi(app, config.api, logger);
  lifecycle.onStop('http', (drainTimeMs) => server.close(drainTimeMs));
  const hot = keepHotAddresses(answers.cache.hot, database, logger);
  lifecycle.onStop('hot addresses', () => hot.close());
  const warming = askForWarming(
    answers.cache,
    createCacheWarmingCalls(temporal.client, config.temporal.temporalDeadlineMs),
    logger,
  );
  lifecycle.onStop('wishes for a warm cache', () => warming.close());
  logger.info({ url: server.url }, 'api is ready');
}

void runProcess(main);
