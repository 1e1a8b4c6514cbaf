import { ApplicationFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';

import { FIGURE_NAMES, LEVELS } from '../../entities/analytics/figures';
import { createTracking } from '../../entities/analytics/tracking';
import { addDays, businessDay } from '../../entities/calendar/business-day';
import { beginCapture } from '../../entities/checkout/begin-capture';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { changeProfile } from '../../entities/customers/change-profile';
import { readJobRecords } from '../../entities/jobs/read-runs';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { ensureSchedules } from '../../temporal/ensure-schedules';
import { every, scheduleOf, type Job } from '../../temporal/jobs';
import { shopJobs } from '../../temporal/schedules';
import { observeJobs } from '../../workers/observe-jobs';
import { JOB_WORKFLOW } from '../../workflows/jobs/job.contract';
import { NEEDS_ATTENTION } from '../../workflows/shared/attention.contract';
import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { buildCaller } from '../support/factories/callers';
import { buildCampaignCall } from '../support/factories/campaign-calls';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildOrder, buildRefId } from '../support/factories/orders';
import { buildMessage, buildSend } from '../support/factories/sms';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildBatch, trackedIdAt, viewAt } from '../support/factories/tracked';
import { rows } from '../support/sql';
import { openApiUnderTest } from '../unit/api/open-api-under-test';
import { buildGate } from './gate';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const JOBS = shopJobs({ sweepEveryMs: 3_600_000, smsSweepEveryMs: 3_600_000 });
const PRICES = JOBS.find(({ id }) => id === 'listed-prices')!;

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
beforeEach(() => shop.reset());
afterEach(() => rows(shop.database.manager, 'DELETE FROM job_runs'));
afterAll(() => shop.close());

const start = ({ id, workflow, args = [], queue, atMost }: Job) =>
  shop.temporal.workflow.start(workflow, {
    workflowId: `${id}-${newId()}`,
    taskQueue: queue,
    args: [...args],
    workflowRunTimeout: msToNumber(atMost),
  });

const run = async (job: Job): Promise<unknown> => (await start(job)).result();

const runsOf = ({ id }: Job) =>
  rows<{ state: string; result: unknown; error: string | null; workflowId: string }>(
    shop.database.manager,
    `SELECT state, result, error, workflow_id AS "workflowId" FROM job_runs WHERE job = $1 ORDER BY started_at`,
    [id],
  );

const metric = async (name: string) =>
  (await shop.metrics.registry.getSingleMetric(name)!.get()).values.map(({ labels, value }) => [
    ...Object.values(labels),
    value,
  ]);

test.each(JOBS.map((job) => [job.id, job] as const))('%s leaves a row with what it did', async (_, job) => {
  const result = await run(job);

  expect(await runsOf(job)).toMatchObject([{ state: 'done', result, error: null }]);
});

test('a run beside another one does nothing, and says so', async () => {
  const gate = buildGate();
  shop.before.set('doJob', gate.pass);
  const first = await start(PRICES);
  await gate.reached;

  expect(await run(PRICES)).toBe('skipped');
  gate.open();
  await first.result();

  expect(await runsOf(PRICES)).toMatchObject([
    { state: 'done' },
    { state: 'skipped', result: { behind: first.workflowId } },
  ]);
  expect(shop.runsOf('doJob')).toBe(1);
});

test('a run that was terminated gives the lock of its job to the next one', async () => {
  const gate = buildGate();
  shop.before.set('doJob', gate.pass);
  const lost = await start(PRICES);
  await gate.reached;
  await lost.terminate('a test');
  shop.before.clear();

  expect(await run(PRICES)).toEqual({ listed: 0 });

  expect(await runsOf(PRICES)).toMatchObject([{ state: 'failed' }, { state: 'done' }]);
  gate.open();
});

test('a run that fails says why, alerts a person, and does not keep the next one away', async () => {
  shop.before.set('doJob', () => {
    throw ApplicationFailure.nonRetryable('the disk is full');
  });
  await expect(run(PRICES)).rejects.toThrow('Workflow execution failed');
  shop.before.clear();
  await run(PRICES);

  expect(await runsOf(PRICES)).toMatchObject([
    { state: 'failed', error: 'the disk is full' },
    { state: 'done' },
  ]);
  expect(await metric('asoud_alerts_total')).toContainEqual(['job.failed', expect.any(Number)]);
  expect(await metric('asoud_job_runs_total')).toEqual(
    expect.arrayContaining([
      ['listed-prices', 'failed', expect.any(Number)],
      ['listed-prices', 'done', expect.any(Number)],
    ]),
  );
});

test('a job whose step fails in several pages resumes, and finishes once', async () => {
  const job = JOBS.find(({ id }) => id === 'retention')!;
  await rows(
    shop.database.manager,
    `INSERT INTO processed_steps (key, created_at)
     SELECT 'old ' || n, now() - interval '1 year' FROM generate_series(1, 12000) AS n`,
  );
  let failures = 0;
  const query = shop.database.logger.logQuery.bind(shop.database.logger);
  const failing = vi.spyOn(shop.database.logger, 'logQuery').mockImplementation((text, values, runner) => {
    query(text, values, runner);
    if (!text.includes('DELETE FROM processed_steps') || failures === 3) return;
    failures += 1;
    throw new Error('a page failed');
  });

  const result = await run(job);

  failing.mockRestore();
  expect(failures).toBe(3);
  expect(result).toMatchObject({ removed: { stepKeys: 12_000 }, isComplete: true });
  expect(await runsOf(job)).toMatchObject([{ state: 'done' }]);
  expect(await rows(shop.database.manager, `SELECT 1 FROM processed_steps WHERE key LIKE 'old %'`)).toEqual(
    [],
  );
});

const TODAY = businessDay(new Date());
const isLevel = (figure: string) => LEVELS.some((level) => level === figure);

const job = (id: string) => JOBS.find((it) => it.id === id)!;

describe('the figures', () => {
  const counted = () =>
    rows<{ day: string; value: number }>(
      shop.database.manager,
      `SELECT day::text, value FROM analytics_days WHERE figure = 'orders' AND hour = -1 ORDER BY day`,
    );

  test('of all days are counted once, although the step fails amid them', async () => {
    await rows(shop.database.manager, 'DELETE FROM analytics_sources');
    await rows(
      shop.database.manager,
      `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload, created_at)
       SELECT 'order', gen_random_uuid(), 1, 'order.created', '{}', now() - n * interval '1 day' FROM generate_series(1, 40) AS n`,
    );
    let days = 0;
    const query = shop.database.logger.logQuery.bind(shop.database.logger);
    const failing = vi.spyOn(shop.database.logger, 'logQuery').mockImplementation((text, values, runner) => {
      query(text, values, runner);
      if (!text.includes('UPDATE analytics_sources SET rolled_to')) return;
      days += 1;
      if (days === 10 || days === 20) throw new Error('a day failed');
    });

    const result = await run(job('analytics-rollup'));

    failing.mockRestore();
    // 41 days of orders, and today of two other sources. Both days that failed were counted twice.
    expect([result, days]).toMatchObject([{ isComplete: true, days: 43 }, 45]);
    expect((await counted()).slice(0, 40)).toEqual(
      Array.from({ length: 40 }, () => ({ day: expect.any(String), value: 1 })),
    );
    expect(await runsOf(job('analytics-rollup'))).toMatchObject([{ state: 'done' }]);
    const first = await counted();
    expect(await run(job('analytics-rollup'))).toMatchObject({ isComplete: true, days: 3 });
    expect(await counted()).toEqual(first);
  });

  test('of a day that takes too long wait, and no other day does', async () => {
    await rows(shop.database.manager, 'DELETE FROM analytics_sources');
    await rows(shop.database.manager, 'DELETE FROM analytics_days');
    const slow = addDays(businessDay(new Date()), -20);
    // As if the statement that counts this day took too long.
    await rows(
      shop.database.manager,
      `CREATE FUNCTION take_too_long() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled'; END $$`,
    );
    await rows(
      shop.database.manager,
      `CREATE TRIGGER takes_too_long BEFORE INSERT ON analytics_days
       FOR EACH ROW WHEN (NEW.day = '${slow}' AND NEW.figure = 'orders') EXECUTE FUNCTION take_too_long()`,
    );
    const failedDays = () =>
      rows(shop.database.manager, 'SELECT source, day::text, failures FROM analytics_failed_days');
    const levels = () =>
      rows(
        shop.database.manager,
        `SELECT 1 FROM analytics_days WHERE figure IN ('low_stock', 'open_tickets') AND hour = -1`,
      );

    await expect(run(job('analytics-rollup'))).rejects.toThrow('Workflow execution failed');

    const days = (await counted()).map(({ day }) => day);
    expect(days).toHaveLength(39);
    expect(days).not.toContain(slow);
    expect(await levels()).toHaveLength(2);
    expect(await failedDays()).toEqual([{ source: 'orders', day: slow, failures: 1 }]);
    expect(await runsOf(job('analytics-rollup'))).toMatchObject([
      { state: 'failed', error: `could not be counted: orders ${slow}` },
    ]);

    // The next run leaves it alone, until it is due.
    expect(await run(job('analytics-rollup'))).toMatchObject({ isComplete: true, days: 3 });
    await rows(shop.database.manager, 'UPDATE analytics_failed_days SET retry_at = now()');
    await expect(run(job('analytics-rollup'))).rejects.toThrow('Workflow execution failed');
    expect(await failedDays()).toMatchObject([{ failures: 2 }]);
    await rows(shop.database.manager, 'DROP FUNCTION take_too_long CASCADE');
    await rows(shop.database.manager, 'UPDATE analytics_failed_days SET retry_at = now()');
    expect(await run(job('analytics-rollup'))).toMatchObject({ days: 4 });
    expect(await failedDays()).toEqual([]);
    expect((await counted()).map(({ day }) => day)).toContain(slow);
  });

  /** The API of this shop, for an admin. */
  async function openFigures() {
    const api = await openApiUnderTest({ neighbours: { database: shop.database } });
    onTestFinished(() => api.close());
    const { headers } = await buildCaller(
      { database: shop.database, accessToken: api.accessToken },
      { roles: ['admin'] },
    );
    const ask = async (path: string, more: RequestInit = {}) => {
      const answer = await fetch(`${api.url}/api/v1/analytics/${path}`, {
        ...more,
        headers: { ...headers, 'content-type': 'application/json' },
      });
      expect(answer.ok).toBe(true);
      return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    };
    return {
      rebuild: () => ask('rebuild', { method: 'POST', body: JSON.stringify({ from: addDays(TODAY, -45) }) }),
      /** Everything that the API tells of figures, without when it was counted. */
      async readAll() {
        const {
          asOf: _asOf,
          todayAsOf: _today,
          conversion,
          attention,
          lowStock,
          ...rest
        } = await ask('figures');
        const { ordersPerMinute: _minute, visitorsNow: _now, ...live } = rest;
        const { asOf: _counted, ...sold } = conversion as { asOf: string };
        const { asOf: _asked, ...waiting } = attention as { asOf: string };
        const { asOf: _noted, ...low } = lowStock as { asOf: string };
        const histories = [];
        for (const [by, days] of [
          ['day', 45],
          ['hour', 13],
        ] as const)
          for (const figure of FIGURE_NAMES) {
            const span = `from=${addDays(TODAY, -days)}&to=${TODAY}`;
            const { points } = await ask(`history?figure=${figure}&by=${by}&${span}`);
            const known = points as { countedAt: string }[];
            histories.push([figure, by, known.map(({ countedAt: _at, ...point }) => point)] as const);
          }
        return { live, low, sold, waiting, histories };
      },
    };
  }

  test('of a rebuild are those of before, and have what was refunded, paid and reopened since', async () => {
    const read = () =>
      rows<{ figure: string; dimension: string; value: number }>(
        shop.database.manager,
        `SELECT figure, dimension, value FROM analytics_days
         WHERE day = $1 AND hour = -1 AND figure IN ('orders', 'paid_orders', 'revenue', 'refunded') ORDER BY 1, 2`,
        [businessDay(new Date())],
      );
    const all = () =>
      rows(
        shop.database.manager,
        'SELECT figure, day::text, hour, dimension, value FROM analytics_days ORDER BY 1, 2, 3, 4',
      );
    const { rebuild } = await openFigures();
    await run(job('analytics-rollup'));
    const before = await all();
    await rows(shop.database.manager, `UPDATE analytics_days SET value = value + 7 WHERE figure = 'orders'`);
    await rebuild();
    expect(await run(job('analytics-rollup'))).toMatchObject({ isComplete: true, days: 43 });
    expect(await all()).toEqual(before);

    const paid = await buildOrder(shop.database, { stage: 'paid' });
    const refunded = await buildOrder(shop.database, { stage: 'refunded' });
    const late = await buildOrder(shop.database, { stage: 'expired' });
    await shop.database.transaction(async (transaction) => {
      const attempt = { orderId: late.id, attemptId: late.attemptId };
      await beginCapture(transaction, { ...attempt, moneyIsThere: true });
      await confirmOrder(transaction, { ...attempt, refId: buildRefId() });
    });
    await rebuild();
    const revenue = paid.state.total + late.state.total;
    await eventually(
      async () => {
        await run(job('analytics-rollup'));
        return read();
      },
      (found) => found.some(({ figure, value }) => figure === 'revenue' && value === revenue),
    );
    expect(await read()).toEqual([
      { figure: 'orders', dimension: '', value: 3 },
      { figure: 'paid_orders', dimension: '', value: 2 },
      { figure: 'refunded', dimension: 'IRR', value: refunded.state.total },
      { figure: 'revenue', dimension: 'IRR', value: revenue },
    ]);
  });

  test('that are lost or wrong are the same again after a rebuild that an admin asks for', async () => {
    for (const table of ['analytics_sources', 'analytics_days', 'analytics_failed_days'])
      await rows(shop.database.manager, `DELETE FROM ${table}`);
    await rows(shop.database.manager, `DELETE FROM events WHERE aggregate_type = 'order'`);
    const stages = ['paid', 'paid', 'refunded', 'expired'] as const;
    for (const stage of stages) await buildOrder(shop.database, { stage });
    for (const daysAgo of [1, 2, 12, 30]) {
      const at = new Date(Date.now() - daysAgo * 86_400_000);
      for (const gateway of ['zarinpal', 'btcpay']) {
        const amount = { amount: 10_000 * daysAgo, currency: gateway === 'btcpay' ? 'USD' : 'IRR' };
        for (const type of ['created', 'payment_opened', 'payment_unavailable', 'paid', 'payment_refunded'])
          await rows(
            shop.database.manager,
            `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload, created_at)
             VALUES ('order', gen_random_uuid(), 1, $1, $2, $3)`,
            [`order.${type}`, JSON.stringify({ gateway, amount }), at],
          );
      }
      for (const provider of ['sms-ir', 'twilio'])
        await buildCampaignCall(shop.database, {
          ...{ status: 'accepted', provider, messages: ['accepted', 'failed', 'suppressed'], calledAt: at },
        });
      const { attemptId } = (await buildSend(
        shop.database,
        (await buildMessage(shop.database, { kind: 'notice' })).id,
        daysAgo === 2 ? { kind: 'unknown', message: 'no answer' } : undefined,
      ))!;
      await rows(shop.database.manager, 'UPDATE sms_attempts SET started_at = $2 WHERE id = $1', [
        attemptId,
        at,
      ]);
    }
    await buildSend(shop.database, (await buildMessage(shop.database)).id);
    await buildCampaignCall(shop.database, { status: 'accepted', messages: ['delivered', 'failed'] });
    const tracking = createTracking({
      ...{ isEnabled: true, oneIn: 1, count: () => undefined },
      run: (operation) => withTransaction(shop.database, operation),
      limits: {
        ...{ perMinute: 1_000, perDay: 1_000 },
        consume: async () => ({ allowed: true, retryAfterSeconds: 0 }),
      },
    });
    for (const daysAgo of [0, 0, 1]) {
      const at = new Date(Date.now() - daysAgo * 86_400_000);
      const events = [viewAt(at), { id: trackedIdAt(at), name: 'search', results: 4 }];
      await tracking.track(buildBatch(events), { isBot: false, identity: '203.0.113.9' });
    }
    const { readAll, rebuild } = await openFigures();
    const before = await eventually(
      async () => {
        await run(job('analytics-rollup'));
        return readAll();
      },
      ({ sold }) => (sold as Partial<{ paidOrders: number }>).paidOrders === 2,
    );
    // Every figure was there, but for the levels, of which there was nothing.
    const empty = before.histories.filter(([figure, , points]) => points.length === 0 && !isLevel(figure));
    expect(empty.map(([figure, by]) => `${figure} by ${by}`)).toEqual([
      ...['product_views', 'carts_filled', 'checkouts_begun'].map((figure) => `${figure} by day`),
      ...['product_views', 'carts_filled', 'checkouts_begun'].map((figure) => `${figure} by hour`),
    ]);
    expect(before.live).toMatchObject({
      ...{ ordersToday: 4, paidOrdersToday: 2, visitorsToday: 2 },
      sms: [{ tried: 1, succeeded: 1 }],
      campaigns: [{ provider: 'sms-ir', tried: 2, succeeded: 1 }],
    });

    await rows(
      shop.database.manager,
      `DELETE FROM analytics_days WHERE day < $1 AND hour % 2 = 0 AND figure <> ALL ($2)`,
      [TODAY, LEVELS],
    );
    await rows(
      shop.database.manager,
      'UPDATE analytics_days SET value = value + 7 WHERE figure <> ALL ($1)',
      [LEVELS],
    );
    await rows(
      shop.database.manager,
      `INSERT INTO analytics_days (figure, day, hour, dimension, value)
       SELECT figure, $1::date - 1, 5, 'stray', 1 FROM (SELECT DISTINCT figure FROM analytics_days WHERE figure <> ALL ($2)) AS f`,
      [TODAY, LEVELS],
    );
    expect(await readAll()).not.toEqual(before);

    await rebuild();
    expect(await run(job('analytics-rollup'))).toMatchObject({ isComplete: true });

    expect(await readAll()).toEqual(before);
    const [recorded] = await rows(
      shop.database.manager,
      `SELECT details FROM staff_actions WHERE action = 'analytics.rebuild' ORDER BY id DESC LIMIT 1`,
    );
    expect(recorded).toEqual({ details: { from: addDays(TODAY, -45) } });
  });

  test('tell how many workflows need a person, and no more once there are none', async () => {
    const noted = async () =>
      (
        await rows<{ value: number }>(
          shop.database.manager,
          `SELECT value FROM analytics_days WHERE figure = 'attention' AND hour = -1`,
        )
      )[0]?.value;
    const waiting = await shop.temporal.workflow.start(JOB_WORKFLOW, {
      workflowId: `waits-${newId()}`,
      taskQueue: 'nobody',
      typedSearchAttributes: [{ key: NEEDS_ATTENTION, value: true }],
    });
    await eventually(
      async () => {
        await run(job('analytics-rollup'));
        return noted();
      },
      (value) => value === 1,
    );
    await waiting.terminate();
    await eventually(
      async () => {
        await run(job('analytics-rollup'));
        return noted();
      },
      (value) => value === 0,
    );
  });
});

test('the hold audit alerts a person when a level differs from what is held, and changes nothing', async () => {
  const { id } = await buildStockedVariant(shop.database);
  expect(await run(job('hold-audit'))).toMatchObject({ found: { reserved_differs: 0 }, isCut: false });
  await rows(shop.database.manager, 'UPDATE stock_levels SET reserved = 2 WHERE variant_id = $1', [id]);

  expect(await run(job('hold-audit'))).toMatchObject({ found: { reserved_differs: 1 } });

  expect(await metric('asoud_alerts_total')).toContainEqual(['stock.holds_differ', 1]);
  await rows(shop.database.manager, 'UPDATE stock_levels SET reserved = 0 WHERE variant_id = $1', [id]);
});

test('without its role the database is not maintained: the row says so, and a person is alerted', async () => {
  expect(await run(job('database-maintenance'))).toEqual({
    unavailable: 'DATABASE_MAINTENANCE_URL is not set',
  });
  expect(await metric('asoud_alerts_total')).toContainEqual(['database.not_maintained', expect.any(Number)]);
});

describe('a cart that its customer has left', () => {
  const messagesTo = (phone: string) =>
    rows<{ id: string; status: string }>(
      shop.database.manager,
      'SELECT id, status FROM sms_messages WHERE recipient = $1',
      [phone],
    );

  async function buildLeft(): Promise<string> {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await shop.run((transaction) => changeProfile(transaction, { accountId, marketing: true }));
    const { id: variantId } = await buildStockedVariant(shop.database);
    const cart = await buildFilledCart(shop.database, [{ variantId, quantity: 1 }], accountId);
    await rows(
      shop.database.manager,
      `UPDATE carts SET updated_at = now() - interval '5 hours' WHERE id = $1`,
      [cart.id],
    );
    return phone;
  }

  test('is told of by SMS once, through the workflow of messages, which knows an id only', async () => {
    const phone = await buildLeft();

    expect(await run(job('cart-abandonment'))).toEqual({ reminded: 1, isNight: false });

    const [message] = await eventually(
      () => messagesTo(phone),
      (found) => found.some(({ status }) => status === 'accepted'),
    );
    const { events } = await shop.temporal.workflow
      .getHandle(smsDeliveryWorkflowId(message!.id))
      .fetchHistory();
    const started = JSON.stringify(events![0], (_, value) =>
      Buffer.isBuffer(value) ? String(value) : value,
    );
    expect(started).not.toContain(phone.slice(1));
    expect(await run(job('cart-abandonment'))).toEqual({ reminded: 0, isNight: false });
    expect(await messagesTo(phone)).toHaveLength(1);
  });

  test('is not told of at night, but in the morning', async () => {
    const phone = await buildLeft();
    const day = shop.now;
    shop.now = () => new Date('2026-12-01T20:00:00Z');
    expect(await run(job('cart-abandonment'))).toEqual({ reminded: 0, isNight: true });
    expect(await messagesTo(phone)).toEqual([]);

    shop.now = day;
    expect(await run(job('cart-abandonment'))).toEqual({ reminded: 1, isNight: false });
  });
});

test('a run that hangs is ended, alerts, and lets the next one begin; those meanwhile are left out', async () => {
  const hanging: Job = {
    ...PRICES,
    id: 'listed-prices',
    when: every(1_000),
    atMost: '4 seconds',
    catchUp: '10 seconds',
  };
  const gate = buildGate();
  shop.before.set('doJob', gate.pass);
  await ensureSchedules(shop.temporal, [scheduleOf(hanging)]);
  const schedule = shop.temporal.schedule.getHandle(hanging.id);
  await gate.reached;
  await eventually(
    async () => (await schedule.describe()).info.numActionsSkippedOverlap,
    (skipped) => skipped >= 2,
  );
  expect(await runsOf(hanging)).toMatchObject([{ state: 'running' }]);
  shop.before.clear();

  const runs = await eventually(
    () => runsOf(hanging),
    (found) => found.some(({ state }) => state === 'done'),
  );

  await schedule.delete();
  gate.open();
  expect(runs.slice(0, 2)).toMatchObject([
    { state: 'failed', error: 'its workflow was terminated, or took longer than it may' },
    { state: 'done' },
  ]);
  expect(await metric('asoud_alerts_total')).toContainEqual(['job.failed', expect.any(Number)]);
});

describe('metrics', () => {
  test('say when a job last succeeded, and how often it runs', async () => {
    observeJobs(JOBS, shop.database, shop.metrics);
    await run(PRICES);
    const [record] = await readJobRecords(shop.database.manager, [PRICES.id]);

    const shown = await eventually(
      () => metric('asoud_job_last_success_seconds'),
      (values) => values.length === JOBS.length,
    );
    expect(shown).toContainEqual(['listed-prices', record!.succeededAt!.getTime() / 1_000]);
    expect(await metric('asoud_job_interval_seconds')).toContainEqual(['listed-prices', 60]);
  });
});
