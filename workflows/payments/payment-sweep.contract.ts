/** The queue of sweeps and reconciliation. Its rate is limited so that they never crowd out buyers. */
export const PAYMENT_QUEUE = 'payment';
export const PAYMENT_SWEEP_WORKFLOW = 'paymentSweep';

/** What a sweep found and did. Operators read it in the Temporal UI. */
export interface SweepResult {
  readonly workflowsWoken: number;
  readonly unsettledPayments: number;
}
