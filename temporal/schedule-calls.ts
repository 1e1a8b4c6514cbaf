import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleHandle,
} from '@temporalio/client';

import { callWorkflow, type CallResult } from './call-workflow';

/** What Temporal knows of a schedule. */
export interface ScheduleStatus {
  readonly isPaused: boolean;
  /** Why it was paused or resumed last. */
  readonly note: string | null;
  readonly nextAt: Date | null;
  readonly isRunning: boolean;
  /** Runs that nobody started, because the service was away for longer than the catch-up window. */
  readonly missed: number;
  /** Runs that were left out, because the one before was under way. */
  readonly skipped: number;
}

/** What staff may ask of schedules. Null where set-up has not made the schedule yet. */
export interface ScheduleCalls {
  describe(id: string): Promise<CallResult<ScheduleStatus | null>>;
  pause(id: string, reason: string): Promise<CallResult<true | null>>;
  resume(id: string, reason: string): Promise<CallResult<true | null>>;
  /** Starts a run now, also of a paused schedule, unless one is under way. */
  trigger(id: string): Promise<CallResult<true | null>>;
  /** Makes up for the runs of a time, one after the other, also of a paused schedule. */
  backfill(id: string, start: Date, end: Date): Promise<CallResult<true | null>>;
}

/** @param deadlineMs how long a caller waits */
export function createScheduleCalls(client: Client, deadlineMs: number): ScheduleCalls {
  const call = <Answer>(id: string, work: (schedule: ScheduleHandle) => Promise<Answer>) =>
    callWorkflow<Answer | null>(client, deadlineMs, async () => {
      try {
        return await client.schedule.withDeadline(Date.now() + deadlineMs, () =>
          work(client.schedule.getHandle(id)),
        );
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return null;
        throw error;
      }
    });
  const tell = (id: string, work: (schedule: ScheduleHandle) => Promise<void>) =>
    call(id, async (schedule) => {
      await work(schedule);
      return true as const;
    });
  return {
    describe: (id) =>
      call(id, async (schedule) => {
        const { state, info } = await schedule.describe();
        return {
          isPaused: state.paused,
          note: state.note ?? null,
          nextAt: state.paused ? null : (info.nextActionTimes[0] ?? null),
          isRunning: info.runningActions.length > 0,
          missed: info.numActionsMissedCatchupWindow,
          skipped: info.numActionsSkippedOverlap,
        };
      }),
    pause: (id, reason) => tell(id, (schedule) => schedule.pause(reason)),
    resume: (id, reason) => tell(id, (schedule) => schedule.unpause(reason)),
    // Without a policy a trigger means ALLOW_ALL, and its run is not tracked.
    trigger: (id) => tell(id, (schedule) => schedule.trigger(ScheduleOverlapPolicy.SKIP)),
    backfill: (id, start, end) =>
      tell(id, (schedule) => schedule.backfill({ start, end, overlap: ScheduleOverlapPolicy.BUFFER_ALL })),
  };
}
