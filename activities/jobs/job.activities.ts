import { cancellationSignal, heartbeat, activityInfo } from '@temporalio/activity';

import type { JobReport, PlainJob } from '../../workflows/jobs/job.contract';
import type { JobSteps } from '../../workflows/jobs/job.steps';

const HEARTBEAT_MS = 5_000;

/** A run of a plain job. */
export interface JobContext {
  /** What was last kept by an earlier attempt of this run, whose worker may be gone. */
  readonly kept: unknown;
  /** Keeps where the work is, for the next attempt. Some of the last pages may be missing. */
  keep(progress: unknown): void;
  /** Throws once the run was cancelled or is over. Call it between two pages. */
  throwIfOver(): void;
}

export type PlainWork = (context: JobContext) => Promise<JobReport>;

/** The step of plain jobs: their work, with a heartbeat. */
export function createJobActivities(works: Readonly<Record<PlainJob, PlainWork>>): JobSteps {
  return {
    async doJob({ job }) {
      const signal = cancellationSignal();
      let progress: unknown = activityInfo().heartbeatDetails;
      const beat = () => heartbeat(progress);
      const beating = setInterval(beat, HEARTBEAT_MS);
      try {
        return await works[job]({
          kept: progress,
          keep(next) {
            progress = next;
            beat();
          },
          throwIfOver: () => signal.throwIfAborted(),
        });
      } finally {
        clearInterval(beating);
      }
    },
  };
}
