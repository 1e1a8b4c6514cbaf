import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import {
  compileUpdatedScheduleOptions,
  decodeOptionalStructuredCalendarSpecs,
  encodeOptionalStructuredCalendarSpecs,
  encodeScheduleAction,
  encodeSchedulePolicies,
  encodeScheduleSpec,
} from '@temporalio/client/lib/schedule-helpers';
import { msOptionalToNumber } from '@temporalio/common/lib/time';

const DECLARED_BY = 'asoud';
const ATTEMPTS = 5;

/** What differs between the declared schedules and those of the namespace. */
export interface ScheduleDifference {
  readonly scheduleId: string;
  readonly change: 'create' | 'update' | 'remove';
  /** What is there and what is wanted, of each property that differs. */
  readonly properties: Readonly<Record<string, { readonly now: unknown; readonly wanted: unknown }>>;
}

/** Brings the namespace's schedules to the declared state: creates, updates, and removes ours that are no longer declared. */
export async function ensureSchedules(
  client: Client,
  declared: readonly ScheduleOptions[],
): Promise<ScheduleDifference[]> {
  const differences = await compareSchedules(client, declared);
  const wanted = new Map(declared.map((options) => [options.scheduleId, options]));
  for (const { scheduleId, change } of differences) {
    if (change === 'remove') await removeSchedule(client, scheduleId);
    else await ensureSchedule(client, wanted.get(scheduleId)!);
  }
  return differences;
}

/** What {@link ensureSchedules} would change. */
export async function compareSchedules(
  client: Client,
  declared: readonly ScheduleOptions[],
): Promise<ScheduleDifference[]> {
  const differences: ScheduleDifference[] = [];
  for (const options of declared) {
    const { scheduleId } = options;
    const found = await describe(client, scheduleId);
    const properties = differencesOf(found, options);
    if (!found) differences.push({ scheduleId, change: 'create', properties });
    else if (Object.keys(properties).length > 0) {
      differences.push({ scheduleId, change: 'update', properties });
    }
  }
  const wanted = new Set(declared.map(({ scheduleId }) => scheduleId));
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (memo?.declaredBy === DECLARED_BY && !wanted.has(scheduleId)) {
      differences.push({ scheduleId, change: 'remove', properties: {} });
    }
  }
  return differences;
}

async function ensureSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await describe(client, options.scheduleId);
    if (!found) await createSchedule(client, options);
    else if (Object.keys(differencesOf(found, options)).length === 0) return;
    else await updateSchedule(client, options, found);
  }
  throw new Error(`the schedule ${options.scheduleId} changes while it is updated`);
}

async function createSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create({ ...options, memo: { declaredBy: DECLARED_BY } });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/**
 * Replaces what a schedule does and when. Pausing it is an operator's decision and stays as it is. The SDK's `update` would undo a
 * pause that came after its read, because it passes no conflict token. With the token the service drops an update, without an
 * error, when the schedule has changed since: the caller reads it again.
 */
async function updateSchedule(
  { schedule: { options: client }, workflowService }: Client,
  { scheduleId, spec, action, policies }: ScheduleOptions,
  { raw }: ScheduleDescription,
): Promise<void> {
  const { loadedDataConverter, namespace, identity } = client;
  const compiled = compileUpdatedScheduleOptions(scheduleId, { spec, action, state: {} });
  await workflowService.updateSchedule({
    namespace,
    scheduleId,
    identity,
    requestId: crypto.randomUUID(),
    conflictToken: raw.conflictToken,
    schedule: {
      state: raw.schedule?.state,
      spec: encodeScheduleSpec(compiled.spec),
      action: await encodeScheduleAction(loadedDataConverter, namespace, compiled.action, {}),
      policies: encodeSchedulePolicies(policies),
    },
  });
}

async function removeSchedule(client: Client, scheduleId: string): Promise<void> {
  await client.schedule.getHandle(scheduleId).delete().catch(ignoreMissing);
}

async function describe(client: Client, scheduleId: string): Promise<ScheduleDescription | undefined> {
  return client.schedule.getHandle(scheduleId).describe().catch(ignoreMissing);
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
  return undefined;
}

function differencesOf(
  found: ScheduleDescription | undefined,
  options: ScheduleOptions,
): ScheduleDifference['properties'] {
  const wanted = essenceOf(options);
  const now: Partial<typeof wanted> = found ? essenceOf(found) : {};
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(now[name]) !== JSON.stringify(wanted[name]))
      .map((name) => [name, { now: now[name], wanted: wanted[name] }]),
  );
}

/**
 * What a schedule does and when, in one form for our declaration and the service's description.
 */
function essenceOf({ spec, action, policies }: ScheduleOptions | ScheduleDescription) {
  return {
    intervals:
      spec.intervals?.map(({ every, offset = 0 }) => [every, offset].map((it) => msOptionalToNumber(it))) ??
      [],
    calendars: decodeOptionalStructuredCalendarSpecs(
      encodeOptionalStructuredCalendarSpecs(spec.calendars),
    ).map(({ comment: _comment, ...calendar }) => calendar),
    timezone: spec.timezone,
    jitter: msOptionalToNumber(spec.jitter),
    workflow: action.workflowType,
    workflowId: action.workflowId,
    queue: action.taskQueue,
    args: action.args ?? [],
    summary: action.staticSummary,
    runTimeout: msOptionalToNumber(action.workflowRunTimeout),
    overlap: policies?.overlap,
    catchUp: msOptionalToNumber(policies?.catchupWindow),
    pauseOnFailure: policies?.pauseOnFailure,
  };
}
