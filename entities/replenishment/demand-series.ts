/** What a SKU sold on a business day. */
export interface DailyDemand {
  /** Units of paid orders less what was cancelled before dispatch. */
  readonly units: number;
  /** Share of the day, 0 to 1, during which the SKU could be bought. */
  readonly inStockShare: number;
}

/** Demand by day, oldest first, in units. `null`: the SKU could hardly be bought, so nothing is known. */
export type DemandSeries = readonly (number | null)[];

/** Below this share of a day, sales say too little about what people wanted. */
const LEAST_SHARE = 0.5;
/** A line above so many times the usual one is a bulk order, which nobody will repeat. */
const USUAL_TIMES = 5;

/** The demand of a day, scaled up for the hours without stock. Null when it was out of stock for most of it. */
export function demandOf({ units, inStockShare }: DailyDemand): number | null {
  return inStockShare < LEAST_SHARE ? null : Math.max(0, units) / Math.min(1, inStockShare);
}

/** The usual quantity of an order line: the median, at least 1. */
export function usualLine(quantities: readonly number[]): number {
  const sorted = quantities.toSorted((one, other) => one - other);
  return Math.max(1, sorted[Math.floor((sorted.length - 1) / 2)] ?? 1);
}

/** The units of a day's order lines, each capped at five times the usual line. */
export function cappedUnits(quantities: readonly number[], usual: number): number {
  return quantities.reduce((units, quantity) => units + Math.min(quantity, USUAL_TIMES * usual), 0);
}
