import type { CalendarDay } from '../../../entities/calendar/calendar-day';
import { arrivesOn, protectionDays, takenOn } from '../../../entities/calendar/supplier-calendar';
import { decide } from '../../../entities/replenishment/decide';
import { demandOf } from '../../../entities/replenishment/demand-series';
import type { Policy, PolicyInputs } from '../../../entities/replenishment/policy';
import { drawing } from '../random';
import { diceOf, type SyntheticShop, type SyntheticSku } from './synthetic-shop';

/** What a policy did in a year. */
export interface YearResult {
  /** Share of the demanded units that were served. The rest was lost. */
  readonly fill: number;
  /** Share of SKU-days that ended without stock. */
  readonly out: number;
  /** Mean units on hand of all SKUs together. */
  readonly stock: number;
  readonly orders: number;
}

/** Decides for one SKU, day by day. */
export interface Planner {
  /** What the evening of a day taught: null when the SKU was out of stock for most of it. */
  learn(day: CalendarDay, units: number | null): void;
  /** The policy of the day and its inputs; `days` are the days that follow. */
  plan(
    days: readonly CalendarDay[],
    protection: number,
  ): { readonly policy: Policy; readonly inputs: PolicyInputs };
}

/** Builds the planner of a SKU from what was known before the year. */
export type PlannerOf = (sku: SyntheticSku, shop: SyntheticShop) => Planner;

/** The review is in the evening, after every cut-off. */
const REVIEW_MINUTE = 22 * 60;
/** Days that a plan may look at. */
const OUTLOOK_DAYS = 110;
const DAYS_PER_WORKING_DAY = 7 / 6;

/** One year of all SKUs with lost sales, random lead times and whole packs. */
export function simulateYear(shop: SyntheticShop, plannerOf: PlannerOf): YearResult {
  const outlooks = Array.from({ length: shop.yearDays }, (_, day) =>
    shop.calendar.slice(shop.historyDays + day, shop.historyDays + day + OUTLOOK_DAYS),
  );
  const following = outlooks.map((days) => days.slice(1));
  const protections = new Map(
    [...new Set(shop.skus.map(({ supplier }) => supplier))].map((supplier) => [
      supplier,
      outlooks.map((days) => protectionDays(supplier, days, REVIEW_MINUTE)),
    ]),
  );
  const totals = { demanded: 0, served: 0, out: 0, stock: 0, orders: 0 };
  shop.skus.forEach((sku, at) => {
    const planner = plannerOf(sku, shop);
    const protection = protections.get(sku.supplier)!;
    const leadTimes = diceOf(drawing(7_000 + at));
    const arrivals = Array.from({ length: shop.yearDays + 180 }, () => 0);
    let onHand = startStock(sku, shop);
    let onOrder = 0;
    for (let day = 0; day < shop.yearDays; day += 1) {
      onHand += arrivals[day]!;
      onOrder -= arrivals[day]!;
      const wanted = sku.demand[shop.historyDays + day]!;
      const units = Math.min(wanted, onHand);
      const inStockShare = wanted > onHand ? onHand / wanted : onHand > 0 ? 1 : 0;
      onHand -= units;
      totals.demanded += wanted;
      totals.served += units;
      totals.out += onHand === 0 ? 1 : 0;
      totals.stock += onHand;
      const outlook = outlooks[day]!;
      planner.learn(outlook[0]!, demandOf({ units, inStockShare }));
      const { result } = decide({
        ...planner.plan(following[day]!, protection[day]!),
        position: { onHand, inTransit: 0, onOrder },
        item: sku.item,
        valueLimit: null,
      });
      if (result.kind === 'enough') continue;
      const { leadDays, leadSd } = sku.supplier;
      const lead = Math.max(1, Math.round(leadDays + leadSd * leadTimes.normal()));
      arrivals[day + arrivesOn(outlook, takenOn(sku.supplier, outlook, 0, REVIEW_MINUTE), lead)]! +=
        result.quantity;
      onOrder += result.quantity;
      totals.orders += 1;
    }
  });
  return {
    fill: totals.served / totals.demanded,
    out: totals.out / (shop.skus.length * shop.yearDays),
    stock: totals.stock / shop.yearDays,
    orders: totals.orders,
  };
}

/** Every policy starts with the same stock: 30 days of the last year's mean. */
export function startStock({ demand }: SyntheticSku, { historyDays }: SyntheticShop): number {
  return Math.ceil(meanOf(demand.slice(historyDays - 365, historyDays)) * 30);
}

export const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);

/** The standard deviation of a supplier's lead time in days of the calendar. */
export const leadSdOf = ({ supplier }: SyntheticSku): number => supplier.leadSd * DAYS_PER_WORKING_DAY;

/** The mean lead time of a supplier in days of the calendar. */
export const leadDaysOf = ({ supplier }: SyntheticSku): number => supplier.leadDays * DAYS_PER_WORKING_DAY;
