import type { DataSource } from 'typeorm';

import { readJobRecords } from '../entities/jobs/read-runs';
import type { Metrics } from '../platform/metrics';
import type { Job } from '../temporal/jobs';

/**
 * Shows when each job last succeeded, beside how often it runs, so that one rule alerts about every job that does not run. Nothing
 * else tells of it: a schedule whose workers are away only waits. A job that has never succeeded counts from the start of this
 * process.
 */
export function observeJobs(
  jobs: readonly Pick<Job, 'id' | 'when'>[],
  database: DataSource,
  metrics: Metrics,
): void {
  const startedAt = Date.now();
  const ids = jobs.map(({ id }) => id);
  metrics.gauge(
    'asoud_job_last_success_seconds',
    'When a job last succeeded, in seconds since 1970',
    ['schedule'],
    async function () {
      // Without Postgres the last values stay, and the alert comes by itself.
      const records = await readJobRecords(database.manager, ids).catch(() => []);
      for (const { job, succeededAt } of records) {
        this.set({ schedule: job }, (succeededAt?.getTime() ?? startedAt) / 1_000);
      }
    },
  );
  const intervals = metrics.gauge('asoud_job_interval_seconds', 'How often a job runs', ['schedule']);
  for (const { id, when } of jobs) intervals.set({ schedule: id }, when.everyMs / 1_000);
}
