import { execFile } from 'node:child_process';
import path from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';

import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { msToNumber } from '@temporalio/common/lib/time';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';

import { TemporalConfig } from '../../platform/config/temporal';
import { createTemporalClient, type TemporalClient } from '../../temporal/connection';
import { compareSchedules, ensureSchedules, type ScheduleDifference } from '../../temporal/ensure-schedules';
import { dailyAt, hourlyAt, scheduleOf } from '../../temporal/jobs';
import { shopJobs, shopSchedules } from '../../temporal/schedules';
import { eventually } from '../support/eventually';
import { createTestNamespace } from '../support/namespace';

const EVERY_HOUR = { sweepEveryMs: 3_600_000, smsSweepEveryMs: 3_600_000 };

let temporal: TemporalClient;
let client: Client;

beforeAll(async () => {
  const temporalNamespace = await createTestNamespace();
  const { temporalAddress } = inject('stack');
  temporal = createTemporalClient(
    Object.assign(new TemporalConfig(), { temporalAddress, temporalNamespace }),
  );
  client = temporal.client;
});
afterAll(() => temporal?.close());

/** Every job of the shop, written out: an entry that is missing in the table is missing nowhere else. */
const DECLARED = [
  'analytics-rollup',
  'attachment-sweep',
  'cache-warming',
  'campaign-sweep',
  'cart-abandonment',
  'catalog-import-sweep',
  'database-maintenance',
  'hold-audit',
  'listed-prices',
  'low-stock-scan',
  'payment-sweep',
  'picture-sweep',
  'purchasing-sweep',
  'recommendations',
  'replenishment-upkeep',
  'retention',
  'sms-sweep',
  'switched-locations',
  'ticket-sweep',
];

const describeSweep = () => client.schedule.getHandle('payment-sweep').describe();

async function listed(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  return ids.toSorted();
}

function buildSchedule(scheduleId: string): ScheduleOptions {
  const [sweep] = shopSchedules(EVERY_HOUR);
  return { ...sweep!, scheduleId };
}

test('the table declares every job of the shop', () => {
  expect(
    shopJobs(EVERY_HOUR)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(DECLARED);
});

test('declared schedules are created, and updated when their declaration changes', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  const created = await describeSweep();
  await ensureSchedules(client, shopSchedules({ ...EVERY_HOUR, sweepEveryMs: 1_800_000 }));
  const changed = await describeSweep();

  expect(created.spec.intervals?.map(({ every }) => every)).toEqual([3_600_000]);
  expect(changed.spec.intervals?.map(({ every }) => every)).toEqual([1_800_000]);
  expect(changed.action).toMatchObject({ workflowType: 'paymentSweep', taskQueue: 'payment' });
});

test('overlap, catch-up and pausing are set explicitly', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));

  expect((await describeSweep()).policies).toEqual({
    overlap: ScheduleOverlapPolicy.SKIP,
    catchupWindow: 600_000,
    pauseOnFailure: false,
  });
});

test('declaring the same again changes nothing', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  const before = await describeSweep();
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  const after = await describeSweep();

  expect([after.spec, after.action, after.policies, after.state]).toEqual([
    before.spec,
    before.action,
    before.policies,
    before.state,
  ]);
  expect(after.info.lastUpdatedAt).toEqual(before.info.lastUpdatedAt);
});

const HOURLY = shopSchedules(EVERY_HOUR)[0]!;

test.each<[string, Partial<ScheduleOptions>]>([
  ['another queue', { action: { ...HOURLY.action, taskQueue: 'elsewhere' } }],
  ['another workflow', { action: { ...HOURLY.action, workflowType: 'anotherSweep' } }],
  ['other arguments', { action: { ...HOURLY.action, args: [{ deep: true }] } }],
  ['another time-out', { action: { ...HOURLY.action, workflowRunTimeout: '5 minutes' } }],
  ['another summary', { action: { ...HOURLY.action, staticSummary: 'Polls again' } }],
  ['another overlap', { policies: { ...HOURLY.policies, overlap: ScheduleOverlapPolicy.BUFFER_ONE } }],
  ['another catch-up', { policies: { ...HOURLY.policies, catchupWindow: '1 hour' } }],
  ['another time zone', { spec: { ...HOURLY.spec, timezone: 'UTC' } }],
  ['an offset', { spec: { ...HOURLY.spec, intervals: [{ every: '1 hour', offset: '5 minutes' }] } }],
  ['a calendar', { spec: { timezone: 'Asia/Tehran', calendars: [{ hour: 3 }] } }],
])('a declaration with %s updates the schedule', async (_, difference) => {
  await ensureSchedules(client, [HOURLY]);
  const before = await describeSweep();
  await ensureSchedules(client, [{ ...HOURLY, ...difference }]);
  const after = await describeSweep();

  expect([after.spec, after.action, after.policies]).not.toEqual([
    before.spec,
    before.action,
    before.policies,
  ]);
});

test('a schedule that an operator paused stays paused, with the reason', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  await client.schedule.getHandle('payment-sweep').pause('the gateway asked us to');

  await ensureSchedules(client, shopSchedules({ ...EVERY_HOUR, sweepEveryMs: 7_200_000 }));

  const { state, spec } = await describeSweep();
  expect(state).toMatchObject({ paused: true, note: 'the gateway asked us to' });
  expect(spec.intervals?.map(({ every }) => every)).toEqual([7_200_000]);
  await client.schedule.getHandle('payment-sweep').unpause();
});

test('a schedule of ours that is no longer declared is removed, and others stay', async () => {
  await client.schedule.create(buildSchedule('by-hand'));
  await ensureSchedules(client, [buildSchedule('gone-tomorrow')]);
  await eventually(listed, (ids) => ids.includes('by-hand') && ids.includes('gone-tomorrow'));

  await ensureSchedules(client, shopSchedules(EVERY_HOUR));

  await eventually(listed, (ids) => isDeepStrictEqual(ids, ['by-hand', ...DECLARED].toSorted()));
});

test('no run that was missed is given up while the longest run of its job may be under way', () => {
  const hasty = shopJobs(EVERY_HOUR).filter(
    ({ catchUp, atMost }) => msToNumber(catchUp) < msToNumber(atMost),
  );
  expect(hasty).toEqual([]);
});

test('jobs at an hour run at that hour of Tehran, and declaring them again changes nothing', async () => {
  const daily = scheduleOf({ ...shopJobs(EVERY_HOUR)[0]!, id: 'daily', when: dailyAt(4, 0) });
  const hourly = scheduleOf({ ...shopJobs(EVERY_HOUR)[0]!, id: 'hourly', when: hourlyAt(15) });
  await ensureSchedules(client, [daily, hourly]);
  expect(await ensureSchedules(client, [daily, hourly])).toEqual([]);

  const timesOf = async (id: string) =>
    (await client.schedule.getHandle(id).describe()).info.nextActionTimes
      .slice(0, 2)
      .map((it) => it.toISOString());
  for (const time of await timesOf('daily')) expect(time).toMatch(/T00:30:00/);
  for (const time of await timesOf('hourly')) expect(time).toMatch(/:45:00/);
});

test('a dry run tells what would be created, updated and removed, and changes nothing', async () => {
  const [sweep, ...others] = shopSchedules(EVERY_HOUR);
  await ensureSchedules(client, [sweep!, buildSchedule('gone-tomorrow')]);
  await eventually(listed, (ids) => ids.includes('gone-tomorrow'));
  const before = await listed();
  const changed = shopSchedules({ ...EVERY_HOUR, sweepEveryMs: 1_800_000 });

  const differences = await eventually(
    () => compareSchedules(client, changed),
    (found) => found.some(({ change }) => change === 'remove'),
  );

  expect(differences).toContainEqual({
    scheduleId: 'payment-sweep',
    change: 'update',
    properties: { intervals: { now: [[3_600_000, 0]], wanted: [[1_800_000, 0]] } },
  });
  expect(differences.filter(({ change }) => change === 'create').map(({ scheduleId }) => scheduleId)).toEqual(
    others.map(({ scheduleId }) => scheduleId),
  );
  expect(differences.filter(({ change }) => change === 'remove').map(({ scheduleId }) => scheduleId)).toEqual(
    ['gone-tomorrow'],
  );
  expect(await listed()).toEqual(before);
});

test('set-up with --dry-run prints the difference as a command, and changes nothing', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  await client.schedule.getHandle('retention').delete();
  const before = await eventually(listed, (ids) => !ids.includes('retention'));
  const { temporalAddress } = inject('stack');
  const { namespace } = client.options;

  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(__dirname, '../../dist/commands/set-up.js'), '--dry-run'],
    {
      env: {
        TEMPORAL_ADDRESS: temporalAddress,
        TEMPORAL_NAMESPACE: namespace,
        // Nobody listens there: a dry run needs no database.
        DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
        SWEEP_EVERY_MS: '1800000',
        SMS_SWEEP_EVERY_MS: '3600000',
      },
    },
  );

  const differences = JSON.parse(stdout) as ScheduleDifference[];
  expect(differences.filter(({ change }) => change !== 'remove')).toEqual([
    {
      scheduleId: 'payment-sweep',
      change: 'update',
      properties: { intervals: { now: [[3_600_000, 0]], wanted: [[1_800_000, 0]] } },
    },
    { scheduleId: 'retention', change: 'create', properties: expect.any(Object) },
  ]);
  expect(await listed()).toEqual(before);
  expect((await describeSweep()).spec.intervals?.map(({ every }) => every)).toEqual([3_600_000]);
});

test('an operator who resumes or pauses a schedule in the middle of a deploy is not overruled', async () => {
  await ensureSchedules(client, shopSchedules(EVERY_HOUR));
  const handle = client.schedule.getHandle('payment-sweep');
  await handle.pause('maintenance');
  const service = client.workflowService;
  const update = vi.spyOn(service, 'updateSchedule').mockImplementationOnce(async (request) => {
    update.mockRestore();
    await handle.unpause('over');
    return service.updateSchedule(request);
  });

  await ensureSchedules(client, shopSchedules({ ...EVERY_HOUR, sweepEveryMs: 5_400_000 }));

  const { state, spec } = await handle.describe();
  expect(state).toMatchObject({ paused: false, note: 'over' });
  expect(spec.intervals?.map(({ every }) => every)).toEqual([5_400_000]);
});

test('two deploys at once leave every schedule once, as declared', async () => {
  const changed = shopSchedules({ ...EVERY_HOUR, sweepEveryMs: 6_000_000 });
  await Promise.all([ensureSchedules(client, changed), ensureSchedules(client, changed)]);
  expect(await compareSchedules(client, changed)).toEqual([]);
});
