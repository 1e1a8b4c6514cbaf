import type { CalendarDay } from '../calendar/calendar-day';
import { HALF_MONTHS } from '../calendar/jalali';
import type { DemandSeries } from './demand-series';

/** How the shop's demand moves through the week and the Jalali year. An ordinary day has index 1. */
export interface ShopProfile {
  /** From Saturday, 7 of them. */
  readonly weekday: readonly number[];
  /** From the first half of Farvardin, 24 of them. */
  readonly halfMonth: readonly number[];
}

/** The profile of a shop without history. */
export const FLAT_PROFILE: ShopProfile = {
  weekday: Array.from({ length: 7 }, () => 1),
  halfMonth: Array.from({ length: HALF_MONTHS }, () => 1),
};

/**
 * The profile of all SKUs together; `calendar` has the same days as each series. Each day counts against what its
 * in-stock SKUs usually sell, so a popular SKU that runs out does not look like a quiet day.
 */
export function shopProfile(all: readonly DemandSeries[], calendar: readonly CalendarDay[]): ShopProfile {
  const days = relativeDemand(all, calendar.length);
  let { weekday, halfMonth } = FLAT_PROFILE;
  for (let round = 0; round < 4; round += 1) {
    const levels = yearLevels(days, calendar, (day) => weekday[day.weekday]! * halfMonth[day.halfMonth]!);
    const levelOf = (day: CalendarDay) => levels.get(day.jalali.year)!;
    const byWeekday = weekday;
    halfMonth = indices(
      days,
      calendar,
      HALF_MONTHS,
      (day) => day.halfMonth,
      (day) => levelOf(day) * byWeekday[day.weekday]!,
    );
    const byHalfMonth = halfMonth;
    weekday = indices(
      days,
      calendar,
      7,
      (day) => day.weekday,
      (day) => levelOf(day) * byHalfMonth[day.halfMonth]!,
    );
  }
  return { weekday, halfMonth };
}

/** Units sold and expected by group of days, over the days that are known. */
export function ratiosOf(
  series: DemandSeries,
  calendar: readonly CalendarDay[],
  groupOf: (day: CalendarDay) => number,
  expectedOn: (day: CalendarDay) => number,
  groups: number,
): { readonly sold: number[]; readonly expected: number[] } {
  const sold = Array.from({ length: groups }, () => 0);
  const expected = Array.from({ length: groups }, () => 0);
  series.forEach((units, at) => {
    if (units === null) return;
    const group = groupOf(calendar[at]!);
    sold[group]! += units;
    expected[group]! += expectedOn(calendar[at]!);
  });
  return { sold, expected };
}

/** The level of each Jalali year: units sold per unit of the days' index. It keeps growth out of the season. */
export function yearLevels(
  series: DemandSeries,
  calendar: readonly CalendarDay[],
  indexOn: (day: CalendarDay) => number,
): ReadonlyMap<number, number> {
  const first = calendar[0]?.jalali.year ?? 0;
  const years = (calendar.at(-1)?.jalali.year ?? 0) - first + 1;
  const { sold, expected } = ratiosOf(series, calendar, (day) => day.jalali.year - first, indexOn, years);
  return new Map(
    sold.map((units, year) => [first + year, expected[year]! > 0 ? units / expected[year]! : 0]),
  );
}

/** The demand of each day relative to the usual one of the SKUs that were in stock. */
function relativeDemand(all: readonly DemandSeries[], length: number): DemandSeries {
  const sold = Array.from({ length }, () => 0);
  const usual = Array.from({ length }, () => 0);
  for (const series of all) {
    const known = series.filter((units) => units !== null);
    const mean = known.reduce((sum, units) => sum + units, 0) / known.length;
    series.forEach((units, at) => {
      if (units === null) return;
      sold[at]! += units;
      usual[at]! += mean;
    });
  }
  return sold.map((units, at) => (usual[at]! > 0 ? units / usual[at]! : null));
}

/** The index of each group, with a mean of 1. A group that nothing is known of is an ordinary one. */
function indices(
  days: DemandSeries,
  calendar: readonly CalendarDay[],
  groups: number,
  groupOf: (day: CalendarDay) => number,
  expectedOn: (day: CalendarDay) => number,
): number[] {
  const { sold, expected } = ratiosOf(days, calendar, groupOf, expectedOn, groups);
  // A group in which nothing at all was sold keeps a trace: an index of 0 could never be learned again.
  const raw = sold.map((units, group) =>
    expected[group]! > 0 ? Math.max(units / expected[group]!, 0.01) : 1,
  );
  const mean = raw.reduce((sum, index) => sum + index, 0) / groups;
  return raw.map((index) => index / mean);
}
