import { demandDistribution } from './demand-distribution';
import type { ExpectedDemand } from './forecast';

/** How a person wants a SKU to be reordered. All quantities are units. */
export type Policy =
  /** Both ends of the band are fixed. */
  | { readonly kind: 'min_max'; readonly min: number; readonly max: number }
  /** The reorder point is fixed; how much is ordered follows demand and costs. */
  | { readonly kind: 's_S'; readonly reorderPoint: number; readonly coverDays: number }
  /** Stock for the protection period and so many days of safety. */
  | { readonly kind: 'days_of_cover'; readonly safetyDays: number; readonly coverDays: number }
  /** Stock that meets a service level. */
  | { readonly kind: 'forecast'; readonly service: Service; readonly coverDays: number };

/** `cycle`: share of order cycles without a stock-out. `fill`: share of units that are served from stock. Both lie between 0 and 1. */
export type Service =
  | { readonly kind: 'cycle'; readonly level: number }
  | { readonly kind: 'fill'; readonly level: number };

/** What a policy needs to know of a SKU on a day. */
export interface PolicyInputs {
  /** Days that stock must last when nothing is ordered now. */
  readonly protectionDays: number;
  /** Demand of those days. */
  readonly protection: ExpectedDemand;
  /** Units expected in the cover days after them. */
  readonly coverUnits: number;
  /** Standard deviation of the lead time in days. */
  readonly leadSd: number;
  /** Mean units of an order line. */
  readonly meanLine: number;
  /** What an order, and holding a unit for a year, cost in the same currency. Null when unknown. */
  readonly costs: { readonly perOrder: number; readonly holdingPerUnitYear: number } | null;
}

/** Order when the position is at or below `reorderPoint`, up to `upTo`. */
export interface Band {
  readonly reorderPoint: number;
  readonly upTo: number;
}

/** From this mean on, a line may fall far through the reorder point before anybody can order. */
const LARGE_LINE = 3;
const YEAR_DAYS = 365;

/** The band that a policy gives. `upTo` is never below `reorderPoint`. */
export function bandOf(policy: Policy, inputs: PolicyInputs): Band {
  if (policy.kind === 'min_max') {
    return { reorderPoint: policy.min, upTo: Math.max(policy.min, policy.max) };
  }
  const quantity = orderQuantity(inputs);
  const reorderPoint = reorderPointOf(policy, inputs, quantity);
  return { reorderPoint, upTo: reorderPoint + quantity };
}

function reorderPointOf(
  policy: Exclude<Policy, { kind: 'min_max' }>,
  inputs: PolicyInputs,
  quantity: number,
): number {
  if (policy.kind === 's_S') return policy.reorderPoint;
  const { mean } = inputs.protection;
  if (policy.kind === 'days_of_cover') {
    return Math.ceil(mean + policy.safetyDays * dailyMean(inputs) + undershoot(inputs));
  }
  const { kind, level } = policy.service;
  const distribution = demandDistribution(mean, protectionVariance(inputs));
  const units =
    kind === 'cycle' ? distribution.quantile(level) : distribution.stockForShortage((1 - level) * quantity);
  return Math.ceil(units + undershoot(inputs));
}

/** Units expected per day of the protection period. */
export const dailyMean = ({ protection, protectionDays }: PolicyInputs): number =>
  protectionDays > 0 ? protection.mean / protectionDays : 0;

/** The variance of the demand and of the lead time together. */
function protectionVariance(inputs: PolicyInputs): number {
  return inputs.protection.variance + (dailyMean(inputs) * inputs.leadSd) ** 2;
}

/** How far a large line takes the position below the reorder point: https://doi.org/10.1371/journal.pone.0263655 */
const undershoot = ({ meanLine }: PolicyInputs): number => (meanLine >= LARGE_LINE ? meanLine : 0);

/** The demand of the cover days, or the economic order quantity where it is more. */
function orderQuantity(inputs: PolicyInputs): number {
  return Math.ceil(Math.max(inputs.coverUnits, economicQuantity(inputs)));
}

/**
 * The quantity at which ordering and holding cost the same, at most the demand of a year: costs that somebody mistyped
 * must not fill the warehouse. https://en.wikipedia.org/wiki/Economic_order_quantity
 */
function economicQuantity(inputs: PolicyInputs): number {
  if (inputs.costs === null || inputs.costs.holdingPerUnitYear <= 0) return 0;
  const yearly = dailyMean(inputs) * YEAR_DAYS;
  return Math.min(yearly, Math.sqrt((2 * yearly * inputs.costs.perOrder) / inputs.costs.holdingPerUnitYear));
}
