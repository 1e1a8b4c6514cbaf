import {
  ActivityFailure,
  CancellationScope,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';

import type { JobRunSteps } from './job-run.steps';

const { beginJobRun, endJobRun } = proxyActivities<JobRunSteps>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** What a run returns that did nothing, because another run of its job was under way. */
export type Skipped = 'skipped';

/**
 * Runs the work of a recurring job as every job runs: at most once at a time, whoever started it, with a row of what it did. The
 * schedule's own overlap policy does not see runs that were triggered or started by hand.
 *
 * @param job the id of its schedule
 */
export async function asJob<Result>(job: string, work: () => Promise<Result>): Promise<Result | Skipped> {
  // Sweeps that began before there were rows go on without one.
  if (!patched('job-runs')) return work();
  const { workflowId, runId } = workflowInfo();
  const run = { job, workflowId, runId };
  if (!(await beginJobRun(run))) return 'skipped';
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await CancellationScope.nonCancellable(() => endJobRun({ ...run, error: reasonOf(error) }));
    throw error;
  }
  await CancellationScope.nonCancellable(() => endJobRun({ ...run, result: result ?? null }));
  return result;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
