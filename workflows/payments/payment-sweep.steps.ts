/** What a sweep does. It wakes workflows and never settles anything itself. */
export interface PaymentSweepSteps {
  /** Wakes, or starts anew, the workflows of orders that Postgres knows as unfinished; returns how many. */
  wakeLostWorkflows(): Promise<number>;
  /** Wakes the workflows of attempts that gateways list as paid and not taken. */
  wakeUnsettledPayments(): Promise<{ readonly listed: number; readonly woken: number }>;
}
