/** Rolls up demand and computes policies, at night. */
export const REPLENISHMENT_UPKEEP_WORKFLOW = 'replenishmentUpkeep';
/** Looks for needs that no event has told. */
export const LOW_STOCK_SCAN_WORKFLOW = 'lowStockScan';

/** What a night's work came to. Operators read it in the Temporal UI. */
export interface UpkeepResult {
  /** Rolled up again, the last of them yesterday. */
  readonly days: number;
  readonly policies: number;
}

export interface ScanResult {
  readonly policies: number;
  /** Variants in need that somebody now looks at. */
  readonly asked: number;
}
