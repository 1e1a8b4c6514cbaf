import { ScheduleOverlapPolicy, type WorkflowHandle } from '@temporalio/client';
import { msToNumber, optionalTsToMs } from '@temporalio/common/lib/time';
import { describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { ensureSchedules } from '../../temporal/ensure-schedules';
import { every, scheduleOf, type Job } from '../../temporal/jobs';
import { shopJobs } from '../../temporal/schedules';
import type { LastMoment } from '../support/dying-worker';
import { eventually } from '../support/eventually';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';
import { ownTemporal } from './own-temporal';
import { fillForJobs, forJobs } from './work-for-jobs';

const JOBS = shopJobs({ sweepEveryMs: 3_600_000, smsSweepEveryMs: 3_600_000 });
const LISTED_PRICES = JOBS.find(({ id }) => id === 'listed-prices')!;
/** Twenty pages. */
const KEYS = 100_000;

/** The first and the last step of jobs that have a workflow of their own. */
const OWN_STEPS: Readonly<Record<string, readonly [first: string, last: string]>> = {
  'payment-sweep': ['wakeLostWorkflows', 'wakeUnsettledPayments'],
  'sms-sweep': ['wakeLostMessages', 'readSmsCredit'],
  'campaign-sweep': ['wakeLostCampaigns', 'wakeLostCampaigns'],
  'purchasing-sweep': ['wakeLostOrders', 'wakeLostOrders'],
  'replenishment-upkeep': ['rollUpDemandOfDays', 'computeAllPolicies'],
  'low-stock-scan': ['lookAtNeeds', 'lookAtNeeds'],
  'picture-sweep': ['tidyPictures', 'tidyPictures'],
  'catalog-import-sweep': ['startOverdueImports', 'startOverdueImports'],
  'cache-warming': ['warmAnswers', 'warmAnswers'],
  recommendations: ['recommendTogether', 'recommendSimilar'],
};

/** Where a worker dies in each job: after the first page of its first step, or with all work done that Temporal has not heard of. */
const momentsOf = (after: LastMoment['after']): LastMoment[] =>
  JOBS.map(({ id }) => {
    const own = OWN_STEPS[id];
    return own ? { step: own[after === 'page' ? 0 : 1], after } : { step: 'doJob', job: id, after };
  });

const temporal = ownTemporal();

const start = ({ temporal: client }: ShopProcesses, { id, workflow, args = [], queue, atMost }: Job) =>
  client.workflow.start(workflow, {
    workflowId: `${id}-${newId()}`,
    taskQueue: queue,
    args: [...args],
    workflowRunTimeout: msToNumber(atMost),
  });

interface Run {
  readonly state: string;
  readonly result: Record<string, unknown> | null;
}

/** An API that has started asks for a warming too: before that of the test, which is skipped then, or after it. */
function likeTheFirst(runs: readonly Run[]): Run[] {
  const begun = runs.filter(({ state }) => state !== 'skipped');
  return begun.filter(({ result }) => result?.['reason'] === begun[0]!.result?.['reason']);
}

const runsOf = ({ database }: ShopProcesses, { id }: Job) =>
  rows<Run>(database.manager, 'SELECT state, result FROM job_runs WHERE job = $1 ORDER BY started_at', [id]);

/** Short statements that begin and end a run. Without a heartbeat every other step would wait until its whole time is over. */
const BOOK_KEEPING = ['beginJobRun', 'endJobRun'];

async function stepsWithoutHeartbeat(run: WorkflowHandle): Promise<string[]> {
  const { events } = await run.fetchHistory();
  return (events ?? [])
    .flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled ?? [])
    .filter(({ heartbeatTimeout }) => !optionalTsToMs(heartbeatTimeout))
    .map(({ activityType }) => activityType!.name!)
    .filter((name) => !BOOK_KEEPING.includes(name));
}

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

// They mostly wait for Temporal's time-outs, so they wait at the same time. Each has a shop of its own.
describe.concurrent('a worker that is killed', () => {
  test.each([
    ['after the first page of every job', 'page'],
    ['before Temporal hears of the last step of every job', 'step'],
  ] as const)('%s leaves jobs that another one finishes, each once', (_, after) =>
    inShop(async (shop) => {
      const effects = await fillForJobs(shop);
      expect([...new Set(effects.map(({ job }) => job))].toSorted()).toEqual(
        JOBS.map(({ id }) => id).toSorted(),
      );
      const shownOf = async (id: string) => effects.find(({ job }) => job === id)!.shown();
      const needs = forJobs(shop.databaseUrl);
      await shop.startApi(needs);
      const dying = await shop.startWorkerThatDiesIn(momentsOf(after), needs);
      const runs = await Promise.all(JOBS.map((job) => start(shop, job)));
      expect(await dying.ended).toBe('SIGKILL');
      const late = [await shownOf('listed-prices'), await shownOf('switched-locations')];
      expect(late.map((left) => left !== 0)).toEqual(Array(2).fill(after === 'page'));

      await shop.startWorker(needs);
      await Promise.all(runs.map((run) => run.result()));

      for (const job of JOBS) {
        const ended =
          job.id === 'cache-warming' ? likeTheFirst(await runsOf(shop, job)) : await runsOf(shop, job);
        expect([job.id, ended]).toMatchObject([job.id, [{ state: 'done' }]]);
      }
      for (const run of runs) expect(await stepsWithoutHeartbeat(run), run.workflowId).toEqual([]);
      for (const { job, shown, is } of effects) expect([job, await shown()]).toEqual([job, is]);
    }),
  );

  test('between two pages at any moment leaves a job that goes on in another one, and ends once', () =>
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
         SELECT 'old ' || n, now() - interval '1 year' FROM generate_series(1, ${KEYS}) AS n`,
      );
      const worker = await shop.startWorker();
      const retention = JOBS.find(({ id }) => id === 'retention')!;
      const run = await start(shop, retention);
      await eventually(keysLeft, (left) => left < KEYS);
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
