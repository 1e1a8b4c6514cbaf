import { demandOver, fitForecast } from '../../../entities/replenishment/forecast';
import { shopProfile } from '../../../entities/replenishment/shop-profile';
import { meanOf } from './simulated-year';
import type { Pace, SyntheticShop } from './synthetic-shop';

/** A way to foretell the next days. */
export type Method = 'mean28' | 'mean91' | 'forecast';

/** Sum of the absolute errors divided by the sum of the demand. */
export type Errors = Readonly<Record<Method, number>>;

const HORIZON_DAYS = 14;

/** The errors of the next 14 days' demand from so many origins, spread over the year after the history. */
export function backTest(shop: SyntheticShop, origins: number): Readonly<Record<Pace | 'all', Errors>> {
  const sums = new Map<Pace | 'all', Record<Method | 'demand', number>>();
  const step = Math.floor((shop.yearDays - HORIZON_DAYS) / origins);
  for (let at = shop.historyDays; at < shop.historyDays + step * origins; at += step) {
    const calendar = shop.calendar.slice(0, at);
    const next = shop.calendar.slice(at, at + HORIZON_DAYS);
    const known = shop.skus.map(({ demand }) => demand.slice(0, at));
    const profile = shopProfile(known, calendar);
    shop.skus.forEach(({ pace, demand }, sku) => {
      const series = known[sku]!;
      const truth = demand.slice(at, at + HORIZON_DAYS).reduce((sum, units) => sum + units, 0);
      const foretold: Record<Method, number> = {
        mean28: HORIZON_DAYS * meanOf(series.slice(-28)),
        mean91: HORIZON_DAYS * meanOf(series.slice(-91)),
        forecast: demandOver(fitForecast(series, calendar, profile, 0), next).mean,
      };
      for (const group of [pace, 'all'] as const) {
        const sum = sums.get(group) ?? { mean28: 0, mean91: 0, forecast: 0, demand: 0 };
        for (const method of ['mean28', 'mean91', 'forecast'] as const)
          sum[method] += Math.abs(foretold[method] - truth);
        sum.demand += truth;
        sums.set(group, sum);
      }
    });
  }
  return Object.fromEntries(
    [...sums].map(([group, { demand, mean28, mean91, forecast }]) => [
      group,
      { mean28: mean28 / demand, mean91: mean91 / demand, forecast: forecast / demand },
    ]),
  ) as Record<Pace | 'all', Errors>;
}
