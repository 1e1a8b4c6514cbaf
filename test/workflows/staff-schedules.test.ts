import { afterAll, beforeAll, expect, test } from 'vitest';

import type { SchedulesView, ScheduleView } from '../../api/operations/schedules.view';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { ensureSchedules } from '../../temporal/ensure-schedules';
import { scheduleOf, every } from '../../temporal/jobs';
import { shopJobs } from '../../temporal/schedules';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';
import { buildGate } from './gate';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const HOUR_MS = 3_600_000;
const PATH = '/operations/schedules';

let shop: WorkflowShop;
let api: ApiUnderTest;
let admin: BuiltCaller;
let staff: BuiltCaller;

beforeAll(async () => {
  shop = await openWorkflowShop();
  // Nothing runs by itself during the test.
  const jobs = shopJobs({ sweepEveryMs: HOUR_MS, smsSweepEveryMs: HOUR_MS });
  await ensureSchedules(
    shop.temporal,
    jobs.map((job) => scheduleOf(job.id === 'listed-prices' ? { ...job, when: every(24 * HOUR_MS) } : job)),
  );
  api = await openApiUnderTest({
    temporal: { temporalDeadlineMs: 30_000 },
    neighbours: { database: shop.database, temporal: { client: shop.temporal, ping: async () => {} } },
  });
  admin = await buildCaller({ database: shop.database, ...api }, { roles: ['admin'] });
  staff = await buildCaller({ database: shop.database, ...api }, { roles: ['staff'] });
});
afterAll(async () => {
  await api?.close();
  await shop?.close();
});

async function call(method: string, path: string, body?: object, { headers } = admin) {
  const response = await fetch(`${api.url}/api/v1${PATH}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as { code?: string } };
}

const reason = 'a test';
const list = async () => ((await call('GET', '', undefined, staff)).body as unknown as SchedulesView).items;
const shown = async (id: string): Promise<ScheduleView> => (await list()).find((it) => it.id === id)!;
const runsOf = (job: string) =>
  rows<{ state: string }>(
    shop.database.manager,
    'SELECT state FROM job_runs WHERE job = $1 ORDER BY started_at',
    [job],
  );

test('staff see every schedule, and only an admin changes one', async () => {
  expect((await list()).map(({ id }) => id)).toEqual(
    shopJobs({ sweepEveryMs: 1, smsSweepEveryMs: 1 }).map(({ id }) => id),
  );
  expect(await shown('retention')).toMatchObject({
    everySeconds: 86_400,
    status: { isPaused: false, nextAt: expect.stringMatching(/T00:30:00/), missed: 0 },
    lastRun: null,
    lastSuccessAt: null,
    isLate: false,
  });
  const refused = await call('POST', '/retention/pause', { reason }, staff);
  expect(refused.body.code).toBe('access.forbidden');
  expect((await call('POST', '/nothing/pause', { reason })).body.code).toBe('schedule.not_found');
});

test('a paused schedule starts nothing, can be triggered, and says why it is paused', async () => {
  expect((await call('POST', '/listed-prices/pause', { reason })).status).toBe(204);
  const paused = await eventually(
    () => shown('listed-prices'),
    ({ status }) => status!.isPaused,
  );
  expect(paused.status).toMatchObject({ note: reason, nextAt: null });

  expect((await call('POST', '/listed-prices/trigger', { reason })).status).toBe(204);
  const done = await eventually(
    () => shown('listed-prices'),
    ({ lastRun }) => lastRun?.state === 'done',
  );
  expect(done).toMatchObject({ lastRun: { result: { listed: 0 }, error: null }, isLate: false });

  expect((await call('POST', '/listed-prices/resume', { reason: 'over' })).status).toBe(204);
  await eventually(
    () => shown('listed-prices'),
    ({ status }) => !status!.isPaused && status!.nextAt !== null,
  );
  const actions = await readStaffActions(shop.database.manager, { before: null, limit: 3 });
  expect(actions.map(({ action, details }) => [action, details])).toEqual([
    ['schedule.change', { schedule: 'listed-prices', verb: 'resume', reason: 'over' }],
    ['schedule.change', { schedule: 'listed-prices', verb: 'trigger', reason }],
    ['schedule.change', { schedule: 'listed-prices', verb: 'pause', reason }],
  ]);
});

test('a job that is triggered twice runs once at a time', async () => {
  const gate = buildGate();
  shop.reset();
  shop.before.set('tidyPictures', gate.pass);
  await call('POST', '/picture-sweep/trigger', { reason });
  await gate.reached;
  await call('POST', '/picture-sweep/trigger', { reason });
  await eventually(
    () => shown('picture-sweep'),
    ({ status }) => status!.skipped === 1,
  );
  gate.open();
  await eventually(
    () => shown('picture-sweep'),
    ({ lastRun }) => lastRun?.state === 'done',
  );

  expect(shop.runsOf('tidyPictures')).toBe(1);
});

test('a backfill runs once for each time that it stands for, and has a bound', async () => {
  const before = (await runsOf('listed-prices')).length;
  const from = '2026-01-01T12:00:00Z';
  // The schedule of this test runs daily, at midnight UTC.
  const night = { reason, from: '2025-12-31T23:30:00Z', until: '2026-01-01T00:30:00Z' };
  expect((await call('POST', '/listed-prices/backfill', night)).status).toBe(204);

  await eventually(
    () => runsOf('listed-prices'),
    (runs) => runs.length === before + 1 && runs.every(({ state }) => state === 'done'),
  );
  for (const until of ['2026-01-01T12:00:00Z', '2026-01-01T13:41:00Z', '2999-01-01T00:00:00Z']) {
    const refused = await call('POST', '/listed-prices/backfill', { reason, from, until });
    expect(refused.body.code, until).toBe('schedule.backfill_invalid');
  }
});
