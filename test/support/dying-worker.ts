import { AsyncLocalStorage } from 'node:async_hooks';

import { NativeConnection, Worker } from '@temporalio/worker';
import type { DataSource, QueryRunner } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { TemporalConfig } from '../../platform/config/temporal';
import { WorkerConfig } from '../../platform/config/worker';
import { createMetrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { openStorage, STORAGE_SECTIONS, uploadsUrl } from '../../platform/storage/open-storage';
import { QUEUES, type Queue } from '../../temporal/queues';
import { workerOptions } from '../../temporal/worker-options';
import { workflowBundle as loadBundle } from '../../workers/bundle';
import { startWorkerHealth } from '../../workers/health';
import { createShopActivities, STEP_SECTIONS } from '../../workers/shop-activities';

/** Where a worker dies: in a step, once a page of it is committed, or once all its work is done. Temporal hears of neither. */
export interface LastMoment {
  readonly step: string;
  /** Of a step that several jobs share. */
  readonly job?: string;
  readonly after: 'page' | 'step';
}

type Activity = (input?: { readonly job?: string }) => Promise<unknown>;

/** More than any queue has, because steps keep theirs until the end. */
const SLOTS = 40;
const forever = () => new Promise<never>(() => undefined);

/** A worker with the real steps. It is killed when each moment has come; a step stops in its moment and waits for the others. */
async function main(moments: readonly LastMoment[]): Promise<void> {
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
  }) as unknown as Record<string, Activity>;
  const { workerHost: host, workerHealthPort: port } = config.worker;
  const connection = await NativeConnection.connect({ address: config.temporal.temporalAddress });
  const workflowBundle = await loadBundle();
  const mortal = { ...activities, ...lastActs(moments, database, activities) };
  const workers = await Promise.all(
    (Object.keys(QUEUES) as Queue[]).map((queue) =>
      Worker.create({
        ...workerOptions(queue, config.worker, connection, config.temporal.temporalNamespace),
        ...{ maxConcurrentActivityTaskExecutions: SLOTS, activities: mortal, workflowBundle },
      }),
    ),
  );
  const { url } = await startWorkerHealth(workers, { host, port });
  process.stdout.write(`${JSON.stringify({ health: url })}\n`);
  await Promise.all(workers.map((worker) => worker.run()));
}

/** The steps with moments, which stop in them. The last one to do so ends the process. */
function lastActs(
  moments: readonly LastMoment[],
  database: DataSource,
  activities: Readonly<Record<string, Activity>>,
): Record<string, Activity> {
  const reached = new Set<LastMoment>();
  const stop = (moment: LastMoment, where: string): Promise<never> => {
    reached.add(moment);
    process.stdout.write(`${JSON.stringify({ stopped: moment, where })}\n`);
    if (reached.size === moments.length) process.kill(process.pid, 'SIGKILL');
    return forever();
  };
  const doing = new AsyncLocalStorage<LastMoment>();
  stopAtCommits(database, async () => {
    const moment = doing.getStore();
    if (moment?.after === 'page') await stop(moment, 'after a page');
  });
  const lastAct =
    (name: string): Activity =>
    async (input) => {
      const moment = moments.find(({ step, job }) => step === name && (!job || job === input?.job));
      if (!moment) return activities[name]!(input);
      await doing.run(moment, () => activities[name]!(input));
      return stop(moment, 'at its end');
    };
  return Object.fromEntries(moments.map(({ step }) => [step, lastAct(step)]));
}

/** Calls `stop` after each commit of a transaction, before its caller hears of it. A query runner that was rolled back is not active. */
function stopAtCommits(database: DataSource, stop: () => Promise<void>): void {
  const create = database.createQueryRunner.bind(database);
  database.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const release = runner.release.bind(runner);
    runner.release = async () => {
      if (runner.isTransactionActive) await stop();
      await release();
    };
    return runner;
  };
}

void main(JSON.parse(process.argv[2]!) as LastMoment[]);
