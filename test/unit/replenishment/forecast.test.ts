import { describe, expect, test } from 'vitest';

import { calendarDays } from '../../../entities/calendar/calendar-day';
import { cappedUnits, demandOf, usualLine } from '../../../entities/replenishment/demand-series';
import { demandOver, fitForecast } from '../../../entities/replenishment/forecast';
import { FLAT_PROFILE, shopProfile } from '../../../entities/replenishment/shop-profile';

const CALENDAR = calendarDays('2023-03-21', 1_096 + 60);
const HISTORY = CALENDAR.slice(0, 1_096);
const NEXT = CALENDAR.slice(1_096);

describe('a day of demand', () => {
  test.each([
    [3, 1, 3],
    [3, 0.6, 5],
    [3, 0.5, 6],
    [3, 0.49, null],
    [0, 0, null],
    [-2, 1, 0],
  ])('of %d units with stock for %d of it is %s', (units, inStockShare, demand) => {
    expect(demandOf({ units, inStockShare })).toBe(demand);
  });

  test('caps a bulk order at five times the usual line', () => {
    expect(usualLine([1, 2, 2, 3, 400])).toBe(2);
    expect(cappedUnits([1, 2, 400], 2)).toBe(13);
    expect(usualLine([])).toBe(1);
  });
});

describe('the profile of the shop', () => {
  const busyEsfand = (growth: number) =>
    HISTORY.map(
      ({ halfMonth, weekday }, at) =>
        (halfMonth === 23 ? 3 : 1) * (weekday === 6 ? 0.5 : 1) * growth ** (at / 365),
    );

  test.each([1, 1.5])('finds season and week through a growth of %d a year', (growth) => {
    const { weekday, halfMonth } = shopProfile([busyEsfand(growth)], HISTORY);
    expect(halfMonth[23]! / halfMonth[12]!).toBeGreaterThan(2.7);
    expect(halfMonth[23]! / halfMonth[12]!).toBeLessThan(3.9);
    expect(weekday[6]! / weekday[0]!).toBeCloseTo(0.5, 1);
  });

  test('does not take a popular SKU without stock for a quiet day', () => {
    const popular = HISTORY.map(({ halfMonth }) => (halfMonth === 12 ? null : 50));
    const other = HISTORY.map(() => 1);
    expect(shopProfile([popular, other], HISTORY).halfMonth[12]!).toBeCloseTo(1, 5);
  });

  test('of a shop without history is flat', () => {
    expect(shopProfile([], HISTORY)).toEqual(FLAT_PROFILE);
  });
});

describe('a forecast', () => {
  test('knows a season of the SKU that the shop does not have, as far as units say so', () => {
    const selling = (units: number) => HISTORY.map(({ halfMonth }) => (halfMonth === 0 ? 4 * units : units));
    const farvardin = (units: number) =>
      demandOver(fitForecast(selling(units), HISTORY, FLAT_PROFILE, 0), NEXT.slice(0, 10)).mean /
      (10 * units);
    expect(farvardin(10)).toBeGreaterThan(3.5);
    expect(farvardin(0.02)).toBeLessThan(1.2);
  });

  test('does not learn from days without stock', () => {
    const series = HISTORY.map((_, at) => (at % 3 === 0 ? null : 6));
    expect(demandOver(fitForecast(series, HISTORY, FLAT_PROFILE, 0), NEXT).mean).toBeCloseTo(360, 0);
  });

  test('follows a new level within weeks', () => {
    const series = HISTORY.map((_, at) => (at < 1_036 ? 2 : 6));
    const { mean } = demandOver(fitForecast(series, HISTORY, FLAT_PROFILE, 0), NEXT.slice(20, 30));
    expect(mean).toBeGreaterThan(40);
  });

  test.each([
    ['no history', []],
    ['one sale', [1]],
    ['27 days', Array.from({ length: 27 }, () => 100)],
    ['a history that was always out of stock', HISTORY.map(() => null)],
  ])('of a SKU with %s is the mean of its category, with a wide band', (_, series) => {
    const forecast = fitForecast(series, HISTORY.slice(0, series.length), FLAT_PROFILE, 2);
    const { mean, variance } = demandOver(forecast, NEXT.slice(0, 10));
    expect(mean).toBeCloseTo(20, 5);
    expect(Math.sqrt(variance)).toBeGreaterThan(20);
  });

  test('expects more spread from a restless SKU than from a steady one', () => {
    const variance = (series: number[]) =>
      demandOver(fitForecast(series, HISTORY, FLAT_PROFILE, 0), NEXT).variance;
    expect(variance(HISTORY.map((_, at) => (at % 10 === 0 ? 20 : 0)))).toBeGreaterThan(
      2 * variance(HISTORY.map(() => 2)),
    );
  });
});
