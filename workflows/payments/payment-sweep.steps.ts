/** The steps of a sweep. They wake workflows and never settle anything themselves. */
export interface PaymentSweepSteps {
  /** Wakes or restarts the workflows of orders with unfinished business in Postgres. Returns how many. */
  wakeLostWorkflows(): Promise<number>;
  /** Wakes the workflows of attempts that gateways list as paid and not taken. */
  wakeUnsettledPayments(): Promise<{ readonly listed: number; readonly woken: number }>;
}
