import { proxyActivities, workflowInfo } from '@temporalio/workflow';

import { asJob, type Skipped } from './as-job';
import type { JobInput, JobReport } from './job.contract';
import type { JobSteps } from './job.steps';

const LONGEST_MS = 3_600_000;

/** Runs a job that is one step. A schedule starts it. An operator may start it too. */
export async function job({ job: id }: JobInput): Promise<JobReport | Skipped> {
  const { doJob } = proxyActivities<JobSteps>({
    startToCloseTimeout: workflowInfo().runTimeoutMs ?? LONGEST_MS,
    // A step whose worker was killed is given to another one so much later.
    heartbeatTimeout: '30 seconds',
    retry: { maximumAttempts: 10, initialInterval: '2 seconds', maximumInterval: '1 minute' },
    summary: id,
  });
  return asJob(id, () => doJob({ job: id }));
}
