/** The step of a sweep. It wakes workflows and decides nothing itself. */
export interface PurchasingSweepSteps {
  /** Starts or wakes the workflows of orders that have something left to do. Returns how many. */
  wakeLostOrders(): Promise<number>;
}
