export const SMS_SWEEP_WORKFLOW = 'smsSweep';

/** What a sweep found and did. Operators read it in the Temporal UI. */
export interface SmsSweepResult {
  /** Messages whose workflow was woken, or started again. */
  readonly workflowsWoken: number;
  readonly codesErased: number;
  /** Providers whose credit is below its threshold, or unknown. */
  readonly poorProviders: readonly string[];
}
