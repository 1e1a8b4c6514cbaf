import { cancellationSignal } from '@temporalio/activity';

import type { JobReport, PlainJob } from '../../workflows/jobs/job.contract';
import type { JobSteps } from '../../workflows/jobs/job.steps';
import { beating, type Progress } from '../beating';

/** A run of a plain job. */
export interface JobContext extends Progress {
  /** Throws once the run was cancelled or is over. Call it between two pages. */
  throwIfOver(): void;
}

export type PlainWork = (context: JobContext) => Promise<JobReport>;

/** The step of plain jobs: their work, with a heartbeat. */
export function createJobActivities(works: Readonly<Record<PlainJob, PlainWork>>): JobSteps {
  return {
    doJob({ job }) {
      const signal = cancellationSignal();
      return beating((progress) => works[job]({ ...progress, throwIfOver: () => signal.throwIfAborted() }));
    },
  };
}
