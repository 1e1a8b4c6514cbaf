import type { Aggregate } from '../events/aggregate';

/** What the journal says of a count, by type. Only staff see it. */
export interface CountEvents {
  'count.opened': { locationId: string };
  /** Somebody began to count a variant (null), counted it, or took it out of the count. */
  'count.line_changed': { variantId: string; counted: number | null };
  'count.line_removed': { variantId: string };
  /** A table said what was counted. */
  'count.imported': { lines: number };
  'count.approved': { lines: number; units: number };
  'count.cancelled': Record<never, never>;
}

/** A count's history in the journal. */
export const STOCK_COUNT: Aggregate<CountEvents> = { type: 'stock_count', table: 'stock_counts' };
