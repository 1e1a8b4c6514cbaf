import { getClient, log } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { DataSource } from 'typeorm';

import { beginRun, endRun, skipRun } from '../../entities/jobs/record-run';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import type { JobRunSteps } from '../../workflows/jobs/job-run.steps';
import { alertCounter } from '../operations/alert-counter';

const FAILED = 'job.failed';
const DESCRIBE_LIMIT_MS = 5_000;

/** The steps around the work of every job: its lock, its row, its metrics. */
export function createJobRunActivities(database: DataSource, metrics: Metrics): JobRunSteps {
  const runs = metrics.counter('asoud_job_runs_total', 'Runs of recurring jobs that have ended', [
    'schedule',
    'state',
  ]);
  const alerts = alertCounter(metrics);

  async function fail(runId: string, job: string, error: string): Promise<void> {
    const isNew = await withTransaction(database, (transaction) =>
      endRun(transaction, runId, { state: 'failed', error }),
    );
    if (!isNew) return;
    runs.inc({ schedule: job, state: 'failed' });
    alerts.inc({ code: FAILED });
    log.error('a job failed', { alert: FAILED, job, runId, reason: error });
  }

  return {
    async beginJobRun({ job, workflowId, runId }) {
      const run = { id: runId, job, workflowId };
      for (;;) {
        const beginning = await withTransaction(database, (transaction) => beginRun(transaction, run));
        if (beginning.kind === 'begun') return true;
        if (beginning.kind === 'skipped') return false;
        if (beginning.kind !== 'held') continue;
        const { by } = beginning;
        if (await isUnderWay(by.workflowId, by.id)) {
          const isNew = await withTransaction(database, (transaction) =>
            skipRun(transaction, run, by.workflowId),
          );
          if (isNew) runs.inc({ schedule: job, state: 'skipped' });
          return false;
        }
        await fail(by.id, job, 'its workflow was terminated, or took longer than it may');
      }
    },

    async endJobRun(input) {
      const { job, runId } = input;
      if ('error' in input) return fail(runId, job, input.error);
      const isNew = await withTransaction(database, (transaction) =>
        endRun(transaction, runId, { state: 'done', result: input.result }),
      );
      if (isNew) runs.inc({ schedule: job, state: 'done' });
    },
  };
}

/** A run whose workflow is over holds the lock of its job for nothing. */
async function isUnderWay(workflowId: string, runId: string): Promise<boolean> {
  const client = getClient();
  try {
    const { status } = await client.withDeadline(Date.now() + DESCRIBE_LIMIT_MS, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
