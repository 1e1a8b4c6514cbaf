/** The queue of jobs that are one step: few, and nobody waits for them. */
export const JOB_QUEUE = 'jobs';
export const JOB_WORKFLOW = 'job';

/** The jobs that are one step, by the ids of their schedules. */
export type PlainJob =
  | 'analytics-rollup'
  | 'attachment-sweep'
  | 'listed-prices'
  | 'retention'
  | 'switched-locations'
  | 'ticket-sweep'
  | 'hold-audit'
  | 'cart-abandonment'
  | 'database-maintenance';

export interface JobInput {
  readonly job: PlainJob;
}

/** What a job has done, for its row and for operators: counts and names, nothing personal. */
export type JobReport = Readonly<Record<string, unknown>>;
