import { ScheduleOverlapPolicy } from '@temporalio/client';
import { msToNumber } from '@temporalio/common/lib/time';
import { describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { ensureSchedules } from '../../temporal/ensure-schedules';
import { every, scheduleOf, type Job } from '../../temporal/jobs';
import { shopJobs } from '../../temporal/schedules';
import { eventually } from '../support/eventually';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';
import { ownTemporal } from './own-temporal';

const JOBS = shopJobs({ sweepEveryMs: 3_600_000, smsSweepEveryMs: 3_600_000 });
const LISTED_PRICES = JOBS.find(({ id }) => id === 'listed-prices')!;

/** The last step of each job, in whose middle its worker dies. */
const LAST_STEPS: Readonly<Record<string, string>> = {
  'payment-sweep': 'wakeUnsettledPayments',
  'sms-sweep': 'readSmsCredit',
  'purchasing-sweep': 'wakeLostOrders',
  'replenishment-upkeep': 'computeAllPolicies',
  'low-stock-scan': 'lookAtNeeds',
  'picture-sweep': 'tidyPictures',
  'catalog-import-sweep': 'startOverdueImports',
  recommendations: 'recommendSimilar',
};

const temporal = ownTemporal();

const start = ({ temporal: client }: ShopProcesses, { id, workflow, args = [], queue, atMost }: Job) =>
  client.workflow.start(workflow, {
    workflowId: `${id}-${newId()}`,
    taskQueue: queue,
    args: [...args],
    workflowRunTimeout: msToNumber(atMost),
  });

const runsOf = ({ database }: ShopProcesses, { id }: Job) =>
  rows<{ state: string; result: Record<string, unknown> }>(
    database.manager,
    'SELECT state, result FROM job_runs WHERE job = $1 ORDER BY started_at',
    [id],
  );

async function inShop(
  work: (shop: ShopProcesses) => Promise<void>,
  options?: Parameters<typeof openShopProcesses>[0],
): Promise<void> {
  const shop = await openShopProcesses(options);
  try {
    await work(shop);
  } finally {
    await shop.close();
  }
}

test('a job whose worker is killed between two pages goes on in another one, and ends once', () =>
  inShop(async (shop) => {
    const keysLeft = async () =>
      (
        await rows<{ left: number }>(
          shop.database.manager,
          `SELECT count(*)::integer AS left FROM processed_steps WHERE key LIKE 'old %'`,
        )
      )[0]!.left;
    await rows(
      shop.database.manager,
      `INSERT INTO processed_steps (key, created_at)
       SELECT 'old ' || n, now() - interval '1 year' FROM generate_series(1, 300000) AS n`,
    );
    const worker = await shop.startWorker();
    const retention = JOBS.find(({ id }) => id === 'retention')!;
    const run = await start(shop, retention);
    await eventually(keysLeft, (left) => left < 300_000);
    await worker.kill();
    const killedAt = Date.now();
    const left = await keysLeft();
    expect(left).toBeGreaterThan(0);

    await shop.startWorker();
    await eventually(keysLeft, (now) => now < left);
    const takenOverMs = Date.now() - killedAt;
    await run.result();

    process.stderr.write(`taken over after ${takenOverMs} ms, with ${left} rows left\n`);
    expect(await keysLeft()).toBe(0);
    expect(await runsOf(shop, retention)).toMatchObject([{ state: 'done', result: { isComplete: true } }]);
  }));

// They mostly wait for Temporal's time-outs, so they wait at the same time. Each has a shop of its own.
describe.concurrent('a worker that is killed', () => {
  test.each(JOBS.map((job) => [job.id, job] as const))(
    'before Temporal hears of the last step of %s leaves a job that ends once',
    (id, job) =>
      inShop(async (shop) => {
        const dying = await shop.startWorkerThatDiesAfter(LAST_STEPS[id] ?? 'doJob');
        const run = await start(shop, job);
        expect(await dying.ended).toBe('SIGKILL');
        await shop.startWorker();
        await run.result();
        expect(await runsOf(shop, job)).toMatchObject([{ state: 'done' }]);
      }),
  );
});

test('a service that is down for longer than the window of a schedule leaves the missed runs out, and goes on', () =>
  inShop(
    async (shop) => {
      const job: Job = { ...LISTED_PRICES, when: every(2_000), catchUp: '10 seconds' };
      const schedule = shop.temporal.schedule.getHandle(job.id);
      await schedule.delete();
      await ensureSchedules(shop.temporal, [scheduleOf(job)]);
      await shop.startWorker();
      await eventually(
        () => runsOf(shop, job),
        (runs) => runs.some(({ state }) => state === 'done'),
      );

      temporal.pause();
      const until = Date.now() + 20_000;
      await eventually(
        async () => Date.now(),
        (now) => now > until,
      );
      temporal.goOn();
      const before = (await runsOf(shop, job)).length;

      const { info, policies } = await eventually(
        () => schedule.describe(),
        (it) => it.info.numActionsMissedCatchupWindow > 0,
      );
      expect(policies.overlap).toBe(ScheduleOverlapPolicy.SKIP);
      expect(info.numActionsMissedCatchupWindow).toBeLessThanOrEqual(10);
      const runs = await eventually(
        () => runsOf(shop, job),
        (found) => found.length > before + 1,
      );
      expect(runs.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
    },
    { temporalAddress: temporal.address, setUp: true },
  ));
