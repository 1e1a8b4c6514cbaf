import type { JobInput, JobReport } from './job.contract';

/** The step of a plain job. It works in pages, and a repetition resumes after the last one. */
export interface JobSteps {
  doJob(input: JobInput): Promise<JobReport>;
}
