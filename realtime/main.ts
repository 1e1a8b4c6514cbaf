// oxlint-disable-next-line import/no-unassigned-import -- decorators of class-transformer need it loaded before the first class
import 'reflect-metadata';
import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { AnalyticsConfig } from '../platform/config/analytics';
import { DatabaseConfig } from '../platform/config/database';
import { EdgeConfig } from '../platform/config/edge';
import { loadConfig, secretsOf } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { RealtimeConfig } from '../platform/config/realtime';
import { RedisConfig } from '../platform/config/redis';
import { RuntimeConfig } from '../platform/config/runtime';
import { TokensConfig } from '../platform/config/tokens';
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
import { openFanOutDatabase } from './fan-out-database';
import { openRealtime } from './open-realtime';

/** The process that holds the sockets. It follows the journal for its own clients; any number of such processes may run. */
async function main(): Promise<void> {
  const config = loadConfig({
    runtime: RuntimeConfig,
    realtime: RealtimeConfig,
    edge: EdgeConfig,
    tokens: TokensConfig,
    publicAddress: PublicAddressConfig,
    database: DatabaseConfig,
    redis: RedisConfig,
    analytics: AnalyticsConfig,
    ...STORAGE_SECTIONS,
  });
  const logger = createLogger(config.runtime, { service: 'realtime', secrets: secretsOf(config) });
  const lifecycle = createLifecycle(logger, config.runtime);
  lifecycle.listen();

  const metrics = createMetrics({ process: true });
  const metricsServer = await startMetricsServer(metrics, {
    host: config.realtime.realtimeMetricsHost,
    port: config.realtime.realtimeMetricsPort,
  });
  lifecycle.onStop('metrics', () => metricsServer.close());
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const database = await openPostgres(config.database, schema, 'asoud-realtime');
  lifecycle.onStop('postgres', () => database.destroy());
  const fanOutDatabase = await openFanOutDatabase(config.database, config.realtime, schema);
  lifecycle.onStop('postgres of the fan-out', () => fanOutDatabase.destroy());
  const journal = openJournalWake(config.database, { applicationName: 'asoud-realtime-wake', logger });
  lifecycle.onStop('wake-up of the journal', () => journal.close());
  onEventsCommitted(database, journal.wake);
  observePostgres({ shop: database, fan_out: fanOutDatabase }, metrics);
  const redis = createRedis(config.redis, logger);
  lifecycle.onStop('redis', () => closeRedis(redis));

  const storage = await openStorage(config, uploadsUrl(config.publicAddress.publicUrl));
  lifecycle.onStop('storage', storage.close);

  const node = await openRealtime(config, {
    database,
    fanOutDatabase,
    redis,
    storage: storage.storage,
    logger,
    metrics,
    isStopping: () => lifecycle.isStopping,
  });
  lifecycle.onStop('sockets', (drainTimeMs) => node.close(drainTimeMs));
  logger.info({ url: node.url }, 'realtime is ready');
}

void runProcess(main);
