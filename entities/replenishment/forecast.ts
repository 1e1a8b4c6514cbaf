import type { CalendarDay } from '../calendar/calendar-day';
import type { DemandSeries } from './demand-series';
import { ratiosOf, yearLevels, type ShopProfile } from './shop-profile';

/** Demand over a period: units expected, and how far they may be off. */
export interface ExpectedDemand {
  readonly mean: number;
  readonly variance: number;
}

/** What a SKU is expected to sell. It is data: keep it, bring it up to date with `observe`, ask it with `demandOver`. */
export interface SkuForecast {
  readonly profile: ShopProfile;
  /** The SKU's own half months, 24 of them: the shop's where little was sold. */
  readonly halfMonth: readonly number[];
  /** Smoothed units and index of the in-stock days. Their ratio is the level: units of a day whose index is 1. */
  readonly units: number;
  readonly weight: number;
  /** Smoothed squared errors and expected units of the same days. Their ratio is the variance of a day per unit. */
  readonly squaredErrors: number;
  readonly errorWeight: number;
  readonly inStockDays: number;
  /** Mean units per day of the SKU's category, for as long as its own history is short. */
  readonly categoryMean: number;
}

/** Smoothing of the level: a day's weight halves after 17 in-stock days. */
const ALPHA = 0.04;
/** Smoothing of the errors, slower because squares are noisier. */
const ERROR_ALPHA = 0.01;
/** Units that the shop's half months weigh beside a SKU's own. */
const SHOP_WEIGHT = 60;
/** Units for which errors are taken to be Poisson, so that few sales promise neither certainty nor chaos. */
const POISSON_UNITS = 3;
/** In-stock days below which the category speaks for the SKU. */
const SHORT_HISTORY_DAYS = 28;
/** How far the mean itself may be off, as a share of it. */
const MEAN_ERROR = 0.15;
const CATEGORY_MEAN_ERROR = 1;

/** Whether so little is known of a SKU that its category speaks for it. */
export function hasShortHistory(series: DemandSeries): boolean {
  return series.reduce<number>((days, units) => (units === null ? days : days + 1), 0) < SHORT_HISTORY_DAYS;
}

/** The forecast of a SKU from its history; `calendar` has the same days as `series`. */
export function fitForecast(
  series: DemandSeries,
  calendar: readonly CalendarDay[],
  profile: ShopProfile,
  categoryMean: number,
): SkuForecast {
  const forecast: Learning = {
    profile,
    halfMonth: ownHalfMonths(series, calendar, profile),
    units: 0,
    weight: 0,
    squaredErrors: 0,
    errorWeight: 0,
    inStockDays: 0,
    categoryMean,
  };
  series.forEach((units, at) => learn(forecast, calendar[at]!, units));
  return forecast;
}

/** The forecast after another day. A day without stock teaches nothing. */
export function observe(forecast: SkuForecast, day: CalendarDay, units: number | null): SkuForecast {
  const next: Learning = { ...forecast };
  learn(next, day, units);
  return next;
}

/** A forecast that is being made. A history has a thousand days, and a copy for each would cost most of the time. */
type Learning = { -readonly [Field in keyof SkuForecast]: SkuForecast[Field] };

function learn(forecast: Learning, day: CalendarDay, units: number | null): void {
  if (units === null) return;
  const index = indexOf(forecast, day);
  // The first days count as their mean, or the first one would weigh for weeks.
  const alpha = Math.max(ALPHA, 1 / (forecast.inStockDays + 1));
  const errorAlpha = Math.max(ERROR_ALPHA, 1 / (forecast.inStockDays + 1));
  const expected = forecast.weight > 0 ? (forecast.units / forecast.weight) * index : units;
  forecast.units += alpha * (units - forecast.units);
  forecast.weight += alpha * (index - forecast.weight);
  forecast.squaredErrors += errorAlpha * ((units - expected) ** 2 - forecast.squaredErrors);
  forecast.errorWeight += errorAlpha * (expected - forecast.errorWeight);
  forecast.inStockDays += 1;
}

/** The demand of these days together. */
export function demandOver(forecast: SkuForecast, days: readonly CalendarDay[]): ExpectedDemand {
  const isShort = forecast.inStockDays < SHORT_HISTORY_DAYS;
  const level = isShort ? forecast.categoryMean : forecast.units / forecast.weight;
  const mean = days.reduce((sum, day) => sum + level * indexOf(forecast, day), 0);
  const meanError = isShort ? CATEGORY_MEAN_ERROR : MEAN_ERROR;
  return { mean, variance: variancePerUnit(forecast) * mean + (meanError * mean) ** 2 };
}

function variancePerUnit({ squaredErrors, errorWeight, inStockDays }: SkuForecast): number {
  const days = Math.min(inStockDays, 1 / ERROR_ALPHA);
  return (squaredErrors * days + POISSON_UNITS) / (errorWeight * days + POISSON_UNITS);
}

function indexOf({ profile, halfMonth }: SkuForecast, day: CalendarDay): number {
  return profile.weekday[day.weekday]! * halfMonth[day.halfMonth]!;
}

/** The shop's half months, moved towards what the SKU sold in them by the units that say so. */
function ownHalfMonths(
  series: DemandSeries,
  calendar: readonly CalendarDay[],
  { weekday, halfMonth }: ShopProfile,
): number[] {
  let own = [...halfMonth];
  // A year's level and the half months depend on each other where a year is incomplete: three rounds settle both.
  for (let round = 0; round < 3; round += 1) {
    const base = (day: CalendarDay) => weekday[day.weekday]! * own[day.halfMonth]!;
    const levels = yearLevels(series, calendar, base);
    const { sold, expected } = ratiosOf(
      series,
      calendar,
      (day) => day.halfMonth,
      (day) => levels.get(day.jalali.year)! * weekday[day.weekday]! * halfMonth[day.halfMonth]!,
      halfMonth.length,
    );
    own = halfMonth.map(
      (index, half) => (index * (sold[half]! + SHOP_WEIGHT)) / (expected[half]! + SHOP_WEIGHT),
    );
  }
  return own;
}
