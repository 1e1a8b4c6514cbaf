import type { BusinessDay } from '../../../entities/calendar/business-day';
import { calendarDays, type CalendarDay } from '../../../entities/calendar/calendar-day';
import type { SupplierTerms } from '../../../entities/calendar/supplier-calendar';
import type { ItemTerms } from '../../../entities/replenishment/decide';
import { drawing } from '../random';

/** How a synthetic SKU sells: many a day, about one in two days, one in twenty days, or in a season of its own. */
export type Pace = 'fast' | 'medium' | 'slow' | 'seasonal';

/** A SKU with the demand of all days, whether or not stock could have served it. */
export interface SyntheticSku {
  readonly pace: Pace;
  readonly demand: readonly number[];
  readonly supplier: SupplierTerms;
  readonly item: ItemTerms;
}

/** How many days there are before the simulated year. */
export const HISTORY_DAYS = 1_096;

/** SKUs over three Jalali years of history, the year after, and the calendar of both and half a year more. */
export interface SyntheticShop {
  readonly calendar: readonly CalendarDay[];
  /** Days before the simulated year. By default they are 1402, 1403 and 1404. */
  readonly historyDays: number;
  readonly yearDays: number;
  readonly skus: readonly SyntheticSku[];
}

const YEAR_DAYS = 365;
const FIRST_DAY: BusinessDay = '2023-03-21';

const PACES: readonly Pace[] = [
  'fast',
  'fast',
  'fast',
  'medium',
  'medium',
  'medium',
  'slow',
  'slow',
  'seasonal',
  'seasonal',
];
/** Units a day: from, to. */
const LEVELS: Record<Pace, readonly [number, number]> = {
  fast: [1.8, 14],
  medium: [0.4, 1.4],
  slow: [0.02, 0.09],
  seasonal: [0.8, 6],
};
const PACKS: Record<Pace, readonly number[]> = {
  fast: [1, 6, 12],
  medium: [1, 3, 6],
  slow: [1],
  seasonal: [1, 3, 6],
};
const WEEKDAY = [1.15, 1.05, 1, 1, 1.05, 0.95, 0.8];

/** The rush of Esfand, the lull of Nowruz, and a campaign in the second half of Aban. */
function seasonOf(halfMonth: number): number {
  return { 0: 0.45, 1: 0.75, 15: 1.6, 21: 1.25, 22: 1.5, 23: 1.9 }[halfMonth] ?? 1;
}

/** So many SKUs, the same for the same seed and first day of the history. */
export function syntheticShop(count: number, seed: number, firstDay = FIRST_DAY): SyntheticShop {
  const calendar = calendarDays(firstDay, HISTORY_DAYS + YEAR_DAYS + 180);
  const dice = diceOf(drawing(seed));
  const suppliers = Array.from({ length: 8 }, () => supplierBy(dice));
  return {
    calendar,
    historyDays: HISTORY_DAYS,
    yearDays: YEAR_DAYS,
    skus: Array.from({ length: count }, (_, at) =>
      skuBy(dice, PACES[at % PACES.length]!, { suppliers, calendar }),
    ),
  };
}

function supplierBy(dice: Dice): SupplierTerms {
  const leadDays = Math.round(dice.between(3, 12));
  return {
    leadDays,
    leadSd: leadDays * dice.between(0.1, 0.35),
    weekdays: dice.among([
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4],
      [0, 2, 4],
    ]),
    cutoffMinute: 15 * 60,
    reviewDays: 1,
  };
}

function skuBy(
  dice: Dice,
  pace: Pace,
  {
    suppliers,
    calendar,
  }: { readonly suppliers: readonly SupplierTerms[]; readonly calendar: readonly CalendarDay[] },
): SyntheticSku {
  const pack = dice.among(PACKS[pace]);
  return {
    pace,
    demand: demandBy(dice, pace, calendar),
    supplier: dice.among(suppliers),
    item: { pack, minimumOrder: pack * dice.among([1, 1, 2]), unitCost: null },
  };
}

/** Poisson around a level that trends and drifts, with the shop's profile, a season that differs by year, and noise by day. */
function demandBy(dice: Dice, pace: Pace, calendar: readonly CalendarDay[]): number[] {
  const [low, high] = LEVELS[pace];
  const level = low * (high / low) ** dice.between(0, 1);
  const yearlyGrowth = dice.between(0.75, 1.3);
  const follows = dice.between(0.7, 1.2);
  const peak = dice.between(0, 24);
  const swing = pace === 'seasonal' ? 0.7 : dice.between(0, 0.1);
  const surprises = new Map<string, number>();
  let drift = 0;
  return calendar.slice(0, HISTORY_DAYS + YEAR_DAYS).map(({ jalali, weekday, halfMonth }, at) => {
    drift = 0.985 * drift + 0.03 * dice.normal();
    const half = `${jalali.year}-${halfMonth}`;
    if (!surprises.has(half)) surprises.set(half, Math.exp(0.15 * dice.normal()));
    const own = 1 + swing * Math.cos(((halfMonth - peak) / 24) * 2 * Math.PI);
    const growth = yearlyGrowth ** ((at - HISTORY_DAYS) / YEAR_DAYS);
    const noise = surprises.get(half)! * Math.exp(0.35 * dice.normal() - 0.06);
    return dice.poisson(
      level * growth * Math.exp(drift) * WEEKDAY[weekday]! * seasonOf(halfMonth) ** follows * own * noise,
    );
  });
}

/** Draws from the usual distributions. */
export type Dice = ReturnType<typeof diceOf>;

/** Dice that draw from numbers between 0 and 1. */
export function diceOf(draw: () => number) {
  return {
    between: (low: number, high: number) => low + (high - low) * draw(),
    among: <T>(choices: readonly T[]): T => choices[Math.floor(draw() * choices.length)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()),
    poisson(mean: number): number {
      const floor = Math.exp(-mean);
      let product = draw();
      let count = 0;
      while (product > floor) {
        product *= draw();
        count += 1;
      }
      return count;
    },
  };
}
