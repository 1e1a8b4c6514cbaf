import { JobRun } from './job-run';

/** The tables of recurring jobs. */
export const JOB_TABLES = [JobRun];
