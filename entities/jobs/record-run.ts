import { boolean, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { JobRun, JobRunState } from './job-run';

type Run = Pick<JobRun, 'id' | 'job' | 'workflowId'>;

/** `held`: another run is under way. `unclear`: it has just ended, begin again. */
export type RunBeginning =
  | { readonly kind: 'begun' | 'skipped' | 'unclear' }
  | { readonly kind: 'held'; readonly by: Run };

const INSERT = statement(
  'INSERT INTO job_runs (id, job, workflow_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
);

const FOUND = statement<Run & { state: JobRunState; isOwn: boolean }>(
  `SELECT id, job, workflow_id AS "workflowId", state, id = $1 AS "isOwn" FROM job_runs
   WHERE id = $1 OR (job = $2 AND state = 'running') ORDER BY id <> $1 LIMIT 1`,
  { id: uuid, job: text, workflowId: text, state: text, isOwn: boolean },
);

/** Begins a run of a job, unless one is under way. A repetition changes nothing. */
export async function beginRun(transaction: Transaction, run: Run): Promise<RunBeginning> {
  await rows(transaction, INSERT, [run.id, run.job, run.workflowId]);
  const found = await row(transaction, FOUND, [run.id, run.job]);
  if (!found) return { kind: 'unclear' };
  if (!found.isOwn) return { kind: 'held', by: found };
  return { kind: found.state === 'running' ? 'begun' : 'skipped' };
}

const SKIP = statement<{ id: string }>(
  `INSERT INTO job_runs (id, job, workflow_id, state, ended_at, result)
   VALUES ($1, $2, $3, 'skipped', now(), jsonb_build_object('behind', $4::text))
   ON CONFLICT (id) DO NOTHING RETURNING id`,
  { id: uuid },
);

/**
 * Records a run that does nothing because of another one.
 *
 * @returns false for a repetition
 */
export async function skipRun(transaction: Transaction, run: Run, behind: string): Promise<boolean> {
  return (await row(transaction, SKIP, [run.id, run.job, run.workflowId, behind])) !== undefined;
}

/** How a run ended. */
export type RunEnd =
  | { readonly state: 'done'; readonly result: unknown }
  | { readonly state: 'failed'; readonly error: string };

const END = statement<{ id: string }>(
  `UPDATE job_runs SET state = $2, ended_at = now(), result = $3::jsonb, error = left($4, 500)
   WHERE id = $1 AND state = 'running' RETURNING id`,
  { id: uuid },
);

/**
 * Ends a run that is under way, and so lets the next one begin.
 *
 * @returns false when it has ended already
 */
export async function endRun(transaction: Transaction, id: string, end: RunEnd): Promise<boolean> {
  const ended = await row(transaction, END, [
    id,
    end.state,
    end.state === 'done' ? JSON.stringify(end.result ?? null) : null,
    end.state === 'failed' ? end.error : null,
  ]);
  return ended !== undefined;
}
