import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';

import { TemporalConfig } from '../../platform/config/temporal';
import { createTemporalClient, type TemporalClient } from '../../temporal/connection';
import { ensureSchedules } from '../../temporal/ensure-schedules';
import { shopSchedules } from '../../temporal/schedules';
import { createTestNamespace } from '../support/namespace';

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

const PATIENCE = { timeout: 20_000, interval: 50 };

const describeSweep = () => client.schedule.getHandle('payment-sweep').describe();

async function listed(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  return ids.toSorted();
}

function buildSchedule(scheduleId: string): ScheduleOptions {
  const [sweep] = shopSchedules({ sweepEveryMs: 3_600_000 });
  return { ...sweep!, scheduleId };
}

test('declared schedules are created, and changed when their declaration is', async () => {
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));
  const created = await describeSweep();
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 1_800_000 }));
  const changed = await describeSweep();

  expect(created.spec.intervals?.map(({ every }) => every)).toEqual([3_600_000]);
  expect(changed.spec.intervals?.map(({ every }) => every)).toEqual([1_800_000]);
  expect(changed.action).toMatchObject({ workflowType: 'paymentSweep', taskQueue: 'payment' });
});

test('what defaults would surprise with is said: overlap, catch-up and pausing', async () => {
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));

  expect((await describeSweep()).policies).toEqual({
    overlap: ScheduleOverlapPolicy.SKIP,
    catchupWindow: 60_000,
    pauseOnFailure: false,
  });
});

test('declaring the same again changes nothing', async () => {
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));
  const before = await describeSweep();
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));
  const after = await describeSweep();

  expect([after.spec, after.action, after.policies, after.state]).toEqual([
    before.spec,
    before.action,
    before.policies,
    before.state,
  ]);
  expect(after.info.lastUpdatedAt).toEqual(before.info.lastUpdatedAt);
});

const HOURLY = shopSchedules({ sweepEveryMs: 3_600_000 })[0]!;

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
  ['a calendar', { spec: { timezone: 'Asia/Tehran', cronExpressions: ['0 3 * * *'] } }],
])('a declaration with %s is brought over', async (_, difference) => {
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
  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));
  await client.schedule.getHandle('payment-sweep').pause('the gateway asked us to');

  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 7_200_000 }));

  const { state, spec } = await describeSweep();
  expect(state).toMatchObject({ paused: true, note: 'the gateway asked us to' });
  expect(spec.intervals?.map(({ every }) => every)).toEqual([7_200_000]);
  await client.schedule.getHandle('payment-sweep').unpause();
});

test('a schedule of ours that is declared no more is removed; one of somebody else stays', async () => {
  await client.schedule.create(buildSchedule('by-hand'));
  await ensureSchedules(client, [buildSchedule('gone-tomorrow')]);
  await vi.waitFor(async () => {
    expect(await listed()).toEqual(expect.arrayContaining(['by-hand', 'gone-tomorrow']));
  }, PATIENCE);

  await ensureSchedules(client, shopSchedules({ sweepEveryMs: 3_600_000 }));

  await vi.waitFor(async () => expect(await listed()).toEqual(['by-hand', 'payment-sweep']), PATIENCE);
});
