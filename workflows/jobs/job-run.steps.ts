/** A run of a job, by the run of its workflow. */
export interface JobRunInput {
  readonly job: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** The steps around the work of every recurring job. */
export interface JobRunSteps {
  /** Begins a run. False while another one is under way: this one is then recorded as skipped. */
  beginJobRun(input: JobRunInput): Promise<boolean>;
  /** Ends the run: with its result, or with why it failed, which alerts a person. */
  endJobRun(input: JobRunInput & ({ readonly result: unknown } | { readonly error: string })): Promise<void>;
}
