import { NativeConnection } from '@temporalio/worker';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { TemporalConfig } from '../../platform/config/temporal';
import { WorkerConfig } from '../../platform/config/worker';
import { createMetrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { openStorage, STORAGE_SECTIONS, uploadsUrl } from '../../platform/storage/open-storage';
import { workflowBundle } from '../../workers/bundle';
import { createWorkers } from '../../workers/create-workers';
import { startWorkerHealth } from '../../workers/health';
import { createShopActivities, STEP_SECTIONS } from '../../workers/shop-activities';

type Activity = (input: never) => Promise<unknown>;

/** A worker with the real steps. It is killed when one of them has done its work, so Temporal never hears the result. */
async function main(mortalStep: string): Promise<void> {
  const config = loadConfig({
    database: DatabaseConfig,
    temporal: TemporalConfig,
    worker: WorkerConfig,
    ...STEP_SECTIONS,
    ...STORAGE_SECTIONS,
  });
  const database = await openPostgres(
    config.database,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-worker',
  );
  const activities = createShopActivities(config, {
    ...{ database, metrics: createMetrics() },
    storage: (await openStorage(config, uploadsUrl(config.publicAddress.publicUrl))).storage,
  });
  const workers = await createWorkers({
    connection: await NativeConnection.connect({ address: config.temporal.temporalAddress }),
    namespace: config.temporal.temporalNamespace,
    config: config.worker,
    activities: { ...activities, [mortalStep]: lastAct(activities[mortalStep]!) },
    workflowBundle: await workflowBundle(),
  });
  const { workerHost: host, workerHealthPort: port } = config.worker;
  const { url } = await startWorkerHealth(workers, { host, port });
  process.stdout.write(`${JSON.stringify({ health: url })}\n`);
  await Promise.all(workers.map((worker) => worker.run()));
}

function lastAct(step: Activity): Activity {
  return async (input) => {
    await step(input);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
}

void main(process.argv[2]!);
