/** The queue of sweeps and reconciliation, limited in rate so that they never crowd out buyers. */
export const PAYMENT_QUEUE = 'payment';
export const PAYMENT_SWEEP_WORKFLOW = 'paymentSweep';

/** What a sweep found and did, for operators who read it in the Temporal UI. */
export interface SweepResult {
  readonly workflowsWoken: number;
  readonly unsettledPayments: number;
}
