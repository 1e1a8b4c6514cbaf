import type { CalendarDay } from '../../../entities/calendar/calendar-day';
import { demandOver, fitForecast, observe } from '../../../entities/replenishment/forecast';
import type { Policy, PolicyInputs, Service } from '../../../entities/replenishment/policy';
import { shopProfile } from '../../../entities/replenishment/shop-profile';
import {
  leadDaysOf,
  leadSdOf,
  meanOf,
  simulateYear,
  type PlannerOf,
  type YearResult,
} from './simulated-year';
import type { SyntheticShop, SyntheticSku } from './synthetic-shop';

/** A fixed point: so many times the demand of the lead time in the last year, up to so many days of cover more. */
export function fixedPoint(times: number, coverDays: number): PlannerOf {
  return (sku, shop) => {
    const mean = lastYearsMean(sku, shop);
    const min = pointOf(sku, shop, times);
    const policy: Policy = { kind: 'min_max', min, max: min + Math.ceil(coverDays * mean) };
    return {
      learn: () => undefined,
      plan: (_, protection) => ({ policy, inputs: inputsOf(protection, mean) }),
    };
  };
}

const lastYearsMean = ({ demand }: SyntheticSku, { historyDays }: SyntheticShop): number =>
  meanOf(demand.slice(historyDays - 365, historyDays));

/** So many times the demand of the lead time in the last year. */
const pointOf = (sku: SyntheticSku, shop: SyntheticShop, times: number): number =>
  Math.ceil(times * lastYearsMean(sku, shop) * leadDaysOf(sku));

/** The mean and deviation of the last 91 in-stock days, normally distributed, at 95 %. */
export function movingMean(coverDays: number): PlannerOf {
  return (sku, { historyDays }) => {
    const last = sku.demand.slice(historyDays - 91, historyDays);
    return {
      learn(_, units) {
        if (units !== null) last.push(units);
        if (last.length > 91) last.shift();
      },
      plan(_, protection) {
        const mean = meanOf(last);
        const variance = meanOf(last.map((units) => (units - mean) ** 2));
        const deviation = Math.sqrt(protection * variance + (mean * leadSdOf(sku)) ** 2);
        const min = Math.ceil(mean * protection + 1.645 * deviation);
        const policy: Policy = { kind: 'min_max', min, max: min + Math.ceil(coverDays * mean) };
        return { policy, inputs: inputsOf(protection, mean) };
      },
    };
  };
}

/** The forecast with a service level. */
export const forecasting = (service: Service, coverDays: number, shop: SyntheticShop): PlannerOf =>
  byForecast(() => ({ kind: 'forecast', service, coverDays }), shop);

/** `s_S`: a fixed point as {@link fixedPoint} has it, up to the forecast demand of the cover days more. */
export const fixedUpToForecast = (times: number, coverDays: number, shop: SyntheticShop): PlannerOf =>
  byForecast((sku) => ({ kind: 's_S', reorderPoint: pointOf(sku, shop, times), coverDays }), shop);

/** Days of cover: the forecast demand of the protection period and of so many days of safety. */
export const daysOfCover = (safetyDays: number, coverDays: number, shop: SyntheticShop): PlannerOf =>
  byForecast(() => ({ kind: 'days_of_cover', safetyDays, coverDays }), shop);

type CoveringPolicy = Exclude<Policy, { kind: 'min_max' }>;

/** A policy that is given what the forecast expects. */
function byForecast(policyOf: (sku: SyntheticSku) => CoveringPolicy, shop: SyntheticShop): PlannerOf {
  const history = shop.calendar.slice(0, shop.historyDays);
  const known = shop.skus.map(({ demand }) => demand.slice(0, shop.historyDays));
  const profile = shopProfile(known, history);
  return (sku) => {
    const policy = policyOf(sku);
    let forecast = fitForecast(sku.demand.slice(0, shop.historyDays), history, profile, 0);
    return {
      learn(day: CalendarDay, units: number | null) {
        forecast = observe(forecast, day, units);
      },
      plan(days, protection) {
        const { coverDays } = policy;
        return {
          policy,
          inputs: {
            protectionDays: protection,
            protection: demandOver(forecast, days.slice(0, protection)),
            coverUnits: demandOver(forecast, days.slice(protection, protection + coverDays)).mean,
            leadSd: leadSdOf(sku),
            meanLine: 1,
            costs: null,
          },
        };
      },
    };
  };
}

function inputsOf(protection: number, mean: number): PolicyInputs {
  const units = mean * protection;
  return {
    protectionDays: protection,
    protection: { mean: units, variance: units },
    coverUnits: 0,
    leadSd: 0,
    meanLine: 1,
    costs: null,
  };
}

/**
 * The fixed point that gives the same fill with the same number of orders: its multiplier and cover are sought in
 * turns, as each moves both.
 */
export function fixedPointLike(
  shop: SyntheticShop,
  target: YearResult,
  cover: number,
): YearResult & { readonly times: number } {
  let [times, coverDays] = [3, cover];
  let found = simulateYear(shop, fixedPoint(times, coverDays));
  for (let round = 0; round < SEARCH_ROUNDS; round += 1) {
    coverDays *= found.orders / target.orders;
    // What is not served falls about exponentially with the multiplier.
    const other = simulateYear(shop, fixedPoint(times + 1, coverDays));
    const slope = Math.log(lost(other) / lost(found));
    times = Math.min(10, Math.max(0.5, times + Math.log(lost(target) / lost(found)) / Math.min(-0.1, slope)));
    found = simulateYear(shop, fixedPoint(times, coverDays));
  }
  return { ...found, times };
}

const SEARCH_ROUNDS = 4;

const lost = ({ fill }: YearResult): number => Math.max(1e-5, 1 - fill);
