/** What a sweep does. It wakes stories and never settles anything itself. */
export interface PaymentSweepSteps {
  /** Wakes, or starts anew, the stories of orders that Postgres knows as unfinished; returns how many. */
  wakeLostStories(): Promise<number>;
  /** Wakes the stories of attempts that gateways list as paid and not taken. */
  wakeUnsettledPayments(): Promise<{ readonly listed: number; readonly woken: number }>;
}
