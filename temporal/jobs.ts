import { ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import { msToNumber, type Duration } from '@temporalio/common/lib/time';

import type { Queue } from './queues';

/** The zone in which jobs run at an hour. It has had no daylight saving since 2022. */
const ZONE = 'Asia/Tehran';

/** When a job runs, and how long it is between two runs. */
export interface When {
  readonly spec: Pick<ScheduleOptions['spec'], 'intervals' | 'calendars'>;
  readonly everyMs: number;
}

/** Counted from the epoch in UTC: for what has no hour. */
export const every = (everyMs: number): When => ({ spec: { intervals: [{ every: everyMs }] }, everyMs });

/** @param minute of each hour */
export const hourlyAt = (minute: number): When => ({
  spec: { calendars: [{ hour: '*', minute }] },
  everyMs: msToNumber('1 hour'),
});

/** The hour is one of Tehran. */
export const dailyAt = (hour: number, minute: number): When => ({
  spec: { calendars: [{ hour, minute }] },
  everyMs: msToNumber('1 day'),
});

/** Something that the shop does again and again. */
export interface Job {
  /** Of the schedule, of the lock and in metrics. */
  readonly id: string;
  readonly when: When;
  /** The workflow's type. */
  readonly workflow: string;
  readonly args?: readonly unknown[];
  readonly queue: Queue;
  /** The longest run. Temporal ends it then, so that a stuck run does not keep the next ones away. */
  readonly atMost: Duration;
  /** A run that was missed is made up for within this time; never shorter than the longest run. */
  readonly catchUp: Duration;
  /** What it does, in a sentence without its end. */
  readonly summary: string;
}

/**
 * The schedule of a job. Overlap, catch-up window and zone are always explicit, because their defaults surprise. Nothing pauses
 * by itself: `pauseOnFailure` ignores terminated and triggered runs.
 */
export function scheduleOf({
  id,
  when,
  workflow,
  args,
  queue,
  atMost,
  catchUp,
  summary,
}: Job): ScheduleOptions {
  return {
    scheduleId: id,
    spec: { ...when.spec, timezone: ZONE },
    action: {
      type: 'startWorkflow',
      workflowType: workflow,
      workflowId: id,
      taskQueue: queue,
      ...(args && { args: [...args] }),
      workflowRunTimeout: atMost,
      staticSummary: summary,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUp, pauseOnFailure: false },
  };
}
