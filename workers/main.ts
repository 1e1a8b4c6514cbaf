import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig, secretsOf } from '../platform/config/load-config';
import { RuntimeConfig } from '../platform/config/runtime';
import { TemporalConfig } from '../platform/config/temporal';
import { WorkerConfig } from '../platform/config/worker';
import { openJournalWake } from '../platform/journal-wake';
import { createLifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { startMetricsServer } from '../platform/metrics-server';
import { openPostgres } from '../platform/postgres';
import { observePostgres } from '../platform/postgres-metrics';
import { runProcess } from '../platform/run-process';
import { openStorage, STORAGE_SECTIONS, uploadsUrl } from '../platform/storage/open-storage';
import { onEventsCommitted } from '../platform/transaction';
import { connectWorkers, createTemporalClient } from '../temporal/connection';
import { createLookSignal } from '../temporal/look-signal';
import { shopJobs } from '../temporal/schedules';
import { missingSearchAttributes } from '../temporal/search-attributes';
import { workflowBundle } from './bundle';
import { createWorkers } from './create-workers';
import { startWorkerHealth } from './health';
import { startNotifier } from './notifier/start-notifier';
import { observeJobs } from './observe-jobs';
import { ROUTES } from './relay/routes';
import { startRelay } from './relay/start-relay';
import { createShopActivities, STEP_SECTIONS } from './shop-activities';
import { installTelemetry } from './telemetry';

/** The process that runs workflows and activities. When it stops, activities in flight finish; other workers take the rest. */
async function main(): Promise<void> {
  const config = loadConfig({
    runtime: RuntimeConfig,
    database: DatabaseConfig,
    temporal: TemporalConfig,
    worker: WorkerConfig,
    ...STEP_SECTIONS,
    ...STORAGE_SECTIONS,
  });
  const { workerHost, workerHealthPort, workerMetricsHost, workerMetricsPort, workerSdkMetricsPort } =
    config.worker;
  const logger = createLogger(config.runtime, { service: 'worker', secrets: secretsOf(config) });
  const lifecycle = createLifecycle(logger, config.runtime);
  lifecycle.listen();
  installTelemetry(logger, `${workerMetricsHost}:${workerSdkMetricsPort}`);

  const metrics = createMetrics({ process: true });
  const metricsServer = await startMetricsServer(metrics, {
    host: workerMetricsHost,
    port: workerMetricsPort,
  });
  lifecycle.onStop('metrics', () => metricsServer.close());
  const database = await openPostgres(
    config.database,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-worker',
  );
  lifecycle.onStop('postgres', () => database.destroy());
  const journal = openJournalWake(config.database, { applicationName: 'asoud-worker-wake', logger });
  lifecycle.onStop('wake-up of the journal', () => journal.close());
  onEventsCommitted(database, journal.wake);
  observePostgres({ shop: database }, metrics);
  observeJobs(shopJobs({ ...config.checkout, ...config.smsDelivery }), database, metrics);

  const storage = await openStorage(config, uploadsUrl(config.publicAddress.publicUrl));
  lifecycle.onStop('storage', storage.close);

  await refuseWithoutSearchAttributes(config.temporal);
  const connection = await connectWorkers(config.temporal);
  lifecycle.onStop('temporal', () => connection.close());
  const temporal = createTemporalClient(config.temporal);
  lifecycle.onStop('temporal client', () => temporal.close());

  const workers = await createWorkers({
    connection,
    namespace: config.temporal.temporalNamespace,
    config: config.worker,
    activities: createShopActivities(config, { database, storage: storage.storage, metrics }),
    workflowBundle: await workflowBundle(),
    drainTimeMs: config.runtime.drainTimeMs,
  });
  const health = await startWorkerHealth(workers, { host: workerHost, port: workerHealthPort });
  lifecycle.onStop('health', () => health.close());

  const running = Promise.all(workers.map((worker) => worker.run()));
  lifecycle.onStop('workers', async () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
  const relay = startRelay({
    routes: ROUTES,
    database,
    databaseConfig: config.database,
    signal: createLookSignal(temporal.client, config.temporal.temporalDeadlineMs),
    logger,
    metrics,
  });
  lifecycle.onStop('relay', () => relay.close());
  const notifier = startNotifier({ database, databaseConfig: config.database, logger, metrics });
  lifecycle.onStop('notifier', () => notifier.close());
  logger.info({ health: health.url }, 'worker is ready');
  await running;
}

/** A workflow that sets an attribute the namespace lacks would be stuck after its first steps were committed. */
async function refuseWithoutSearchAttributes(config: TemporalConfig): Promise<void> {
  const temporal = createTemporalClient(config);
  try {
    const missing = await missingSearchAttributes(temporal.connection, config.temporalNamespace);
    if (missing.length > 0) {
      throw new Error(`search attributes are missing, run the set-up first: ${missing.join(', ')}`);
    }
  } finally {
    await temporal.close();
  }
}

void runProcess(main);
