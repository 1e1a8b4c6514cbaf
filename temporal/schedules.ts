import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { msOptionalToNumber } from '@temporalio/common/lib/time';

import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../workflows/payments/payment-sweep.contract';

/** What schedules take from the configuration. */
export interface ScheduleSettings {
  readonly sweepEveryMs: number;
}

/** Every schedule of the shop. Overlap, catch-up and time zone are always said, because their defaults surprise. */
export function shopSchedules({ sweepEveryMs }: ScheduleSettings): ScheduleOptions[] {
  return [
    {
      scheduleId: 'payment-sweep',
      spec: { intervals: [{ every: sweepEveryMs }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: PAYMENT_SWEEP_WORKFLOW,
        workflowId: 'payment-sweep',
        taskQueue: PAYMENT_QUEUE,
        workflowRunTimeout: '10 minutes',
        staticSummary: 'Finds callbacks and orders whose workflow got lost',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
    },
  ];
}

const DECLARED_BY = 'asoud';

/** Brings the namespace's schedules to the declared state: created, updated, and those of ours that are gone, removed. */
export async function ensureSchedules(client: Client, declared: readonly ScheduleOptions[]): Promise<void> {
  const wanted = new Set(declared.map(({ scheduleId }) => scheduleId));
  for (const options of declared) await ensureSchedule(client, options);
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (memo?.declaredBy === DECLARED_BY && !wanted.has(scheduleId)) {
      await client.schedule.getHandle(scheduleId).delete();
    }
  }
}

async function ensureSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create({ ...options, memo: { declaredBy: DECLARED_BY } });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await updateSchedule(client, options);
  }
}

/** Updates what differs. Whether it is paused is an operator's decision and stays. */
async function updateSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  const handle = client.schedule.getHandle(options.scheduleId);
  try {
    if (essenceOf(await handle.describe()) === essenceOf(options)) return;
    await handle.update(({ state }) => ({
      spec: options.spec,
      action: options.action as never,
      policies: options.policies,
      state,
    }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await ensureSchedule(client, options);
  }
}

/**
 * What a schedule does and when, in one form for a declaration and for what the service tells of it. The service turns cron
 * expressions into calendars, so a schedule that has any counts as different and is updated, which is harmless.
 */
function essenceOf({ spec, action, policies }: ScheduleOptions | ScheduleDescription): string {
  return JSON.stringify([
    spec.intervals?.map(({ every, offset = 0 }) => [every, offset].map((it) => msOptionalToNumber(it))) ?? [],
    spec.calendars ?? [],
    'cronExpressions' in spec ? (spec.cronExpressions ?? []) : [],
    spec.timezone,
    msOptionalToNumber(spec.jitter),
    action.workflowType,
    action.workflowId,
    action.taskQueue,
    action.args ?? [],
    action.staticSummary,
    msOptionalToNumber(action.workflowRunTimeout),
    policies?.overlap,
    msOptionalToNumber(policies?.catchupWindow),
    policies?.pauseOnFailure,
  ]);
}
