import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { msOptionalToNumber } from '@temporalio/common/lib/time';

const DECLARED_BY = 'asoud';

/** Brings the namespace's schedules to the declared state: creates, updates, and removes ours that are no longer declared. */
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

/** Updates a schedule that differs. Pausing it is an operator's decision and stays as it is. */
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
 * What a schedule does and when, in one form for our declaration and the service's description. The service turns cron
 * expressions into calendars, so a schedule with cron expressions always differs. Updating it is harmless.
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
