/** How many rows one statement removes, or looks at. */
export const PAGE = 5_000;

/** What one page of a removal did. */
export interface RemovedPage {
  readonly removed: number;
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
  /** Rows that are old enough and stay, because a reader of the journal has not seen them. */
  readonly held?: number;
}
