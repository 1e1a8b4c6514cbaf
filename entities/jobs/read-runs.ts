import type { EntityManager } from 'typeorm';

import { instant, json, nullable, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import type { JobRun } from './job-run';

/** The last run of a job, skipped ones aside, and when it last succeeded. */
export interface JobRecord {
  readonly job: string;
  readonly last: Pick<
    JobRun,
    'id' | 'workflowId' | 'state' | 'startedAt' | 'endedAt' | 'result' | 'error'
  > | null;
  readonly succeededAt: Date | null;
}

type Found = { readonly job: string; readonly succeededAt: Date | null } & {
  [Field in keyof NonNullable<JobRecord['last']>]: NonNullable<JobRecord['last']>[Field] | null;
};

const READ = statement<Found>(
  `SELECT asked.job, last.id, last.workflow_id AS "workflowId", last.state, last.started_at AS "startedAt",
     last.ended_at AS "endedAt", last.result, last.error,
     (SELECT max(ended_at) FROM job_runs WHERE job = asked.job AND state = 'done') AS "succeededAt"
   FROM unnest($1::text[]) AS asked(job) LEFT JOIN LATERAL (
     SELECT * FROM job_runs WHERE job = asked.job AND state <> 'skipped' ORDER BY started_at DESC LIMIT 1
   ) AS last ON true`,
  {
    job: text,
    id: nullable(uuid),
    workflowId: nullable(text),
    state: nullable(text),
    startedAt: nullable(instant),
    endedAt: nullable(instant),
    result: json(),
    error: nullable(text),
    succeededAt: nullable(instant),
  },
);

/** What is known of these jobs, one record for each. */
export async function readJobRecords(manager: EntityManager, jobs: readonly string[]): Promise<JobRecord[]> {
  const found = await rows(manager, READ, [jobs]);
  return found.map(({ job, succeededAt, ...last }) => ({
    job,
    succeededAt,
    last: last.id === null ? null : (last as NonNullable<JobRecord['last']>),
  }));
}
