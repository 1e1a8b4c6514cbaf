import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** `skipped`: another run of the job was under way. */
export type JobRunState = 'running' | 'done' | 'skipped' | 'failed';

/**
 * A run of a recurring job: what it did, or why it did not. The row of the run that is under way is the lock of the job, whoever
 * started it: a schedule, an operator or a second deploy.
 */
@Entity('job_runs')
@Check('ck_job_runs_state', "state IN ('running', 'done', 'skipped', 'failed')")
@Check('ck_job_runs_ended', "(state = 'running') = (ended_at IS NULL)")
@Index('uq_job_runs_running', ['job'], { unique: true, where: "state = 'running'" })
@Index('ix_job_runs_started', ['job', 'startedAt'])
@Index('ix_job_runs_done', ['job', 'endedAt'], { where: "state = 'done'" })
export class JobRun {
  /** The id of the workflow's run. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_job_runs' })
  id!: string;

  @Column('varchar', { length: 60 })
  job!: string;

  @Column('varchar', { name: 'workflow_id', length: 200 })
  workflowId!: string;

  @Column('varchar', { length: 10, default: 'running' })
  state!: JobRunState;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** What it did: counts and names, nothing personal. */
  @Column('jsonb', { nullable: true })
  result!: unknown;

  /** Why it failed. */
  @Column('varchar', { length: 500, nullable: true })
  error!: string | null;
}
