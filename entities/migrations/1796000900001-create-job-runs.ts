import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The runs of recurring jobs (docs/schedules.md). */
export class CreateJobRuns1796000900001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE job_runs (
        id uuid CONSTRAINT pk_job_runs PRIMARY KEY,
        job varchar(60) NOT NULL,
        workflow_id varchar(200) NOT NULL,
        state varchar(10) NOT NULL DEFAULT 'running',
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        result jsonb,
        error varchar(500),
        CONSTRAINT ck_job_runs_state CHECK (state IN ('running', 'done', 'skipped', 'failed')),
        CONSTRAINT ck_job_runs_ended CHECK ((state = 'running') = (ended_at IS NULL))
      );
      CREATE UNIQUE INDEX uq_job_runs_running ON job_runs (job) WHERE state = 'running';
      CREATE INDEX ix_job_runs_started ON job_runs (job, started_at);
      CREATE INDEX ix_job_runs_done ON job_runs (job, ended_at) WHERE state = 'done';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job_runs');
  }
}
