import { addDays, instantOf, type BusinessDay } from '../../../entities/calendar/business-day';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { computePolicies } from '../../../entities/replenishment/compute-policies';
import { decideReplenishment } from '../../../entities/replenishment/decide-replenishment';
import { findNeeds } from '../../../entities/replenishment/find-needs';
import { rollUpDemand } from '../../../entities/replenishment/roll-up-demand';
import { drawing } from '../random';
import type { ShopDatabase } from '../shop-database';
import { rows } from '../sql';
import { needlessDecisions } from './needless-decisions';
import { buildOperatedShop, stockOf, type OperatedShop } from './operated-shop';
import { forecasting } from './planners';
import { simulateYear, type YearResult } from './simulated-year';
import { receiveOrders, sendOrders } from './supplied-goods';
import { diceOf, syntheticShop } from './synthetic-shop';

/** The scan of the night, after the policies of the day were computed. */
const SCAN_MINUTE = 75;

/** What happens around the sales of each day. */
export interface DayWork {
  /** Before the shop opens: what arrives on this day. */
  morning(day: BusinessDay): Promise<void>;
  /** After the last sale of a day of the calendar: what is sent to suppliers. */
  evening(at: number): Promise<void>;
  /** After midnight: what the shop decides. */
  night(today: BusinessDay): Promise<void>;
}

/** The days of {@link simulateYear} on Postgres: sales go through the ledger, and the rest is done by `work`. */
async function operateYear(shop: OperatedShop, work: DayWork): Promise<YearResult> {
  const { calendar, historyDays, yearDays, skus } = shop;
  const totals = { demanded: 0, served: 0, out: 0, stock: 0 };
  for (let at = historyDays; at < historyDays + yearDays; at += 1) {
    const { day } = calendar[at]!;
    await work.morning(day);
    const stock = await stockOf(shop);
    const sales = skus.map(({ variantId, demand }) => {
      const [wanted, onHand] = [demand[at]!, stock.get(variantId)!];
      const units = Math.min(wanted, onHand);
      totals.demanded += wanted;
      totals.served += units;
      totals.out += onHand === units ? 1 : 0;
      totals.stock += onHand - units;
      return { variantId, wanted, units };
    });
    await sell(shop, day, sales);
    await work.evening(at);
    await work.night(addDays(day, 1));
  }
  const [made] = await rows<{ orders: number }>(
    shop.database.database.manager,
    'SELECT count(*)::integer AS orders FROM replenishment_decisions',
  );
  return {
    fill: totals.served / totals.demanded,
    out: totals.out / (skus.length * yearDays),
    stock: totals.stock / yearDays,
    orders: made!.orders,
  };
}

/** Sells units one by one, evenly over the day. What is wanted after the last unit is lost. */
async function sell(
  { database }: OperatedShop,
  day: BusinessDay,
  sales: readonly { readonly variantId: string; readonly wanted: number; readonly units: number }[],
): Promise<void> {
  await database.run((transaction) =>
    rows(
      transaction,
      `WITH sold AS (
         UPDATE stock_levels l SET on_hand = on_hand - s.units, movement_seq = movement_seq + s.units
         FROM jsonb_to_recordset($1::jsonb) AS s("variantId" uuid, wanted integer, units integer)
         WHERE l.variant_id = s."variantId" AND l.location_id = $3 AND s.units > 0
         RETURNING l.variant_id, l.on_hand, l.movement_seq, s.units, s.wanted
       )
       INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref, created_at)
       SELECT variant_id, $3, movement_seq - units + line, -1, on_hand + units - line, 'sale', $2::text || ':' || line,
         ($2::text::timestamp + line * interval '86399 seconds' / wanted) AT TIME ZONE 'Asia/Tehran'
       FROM sold, generate_series(1, units) AS line ORDER BY 8`,
      [JSON.stringify(sales), day, DEFAULT_LOCATION_ID],
    ),
  );
}

/** Every night demand is rolled up, policies are computed and the scan has every need looked at twice. */
function byOperations(shop: OperatedShop): DayWork {
  const leadTimes = diceOf(drawing(7_000));
  return {
    morning: (day) => receiveOrders(shop, day),
    evening: (at) => sendOrders(shop, at, leadTimes),
    async night(today) {
      const at = instantOf(today, SCAN_MINUTE);
      const look = (variantId: string) =>
        shop.database.run((transaction) => decideReplenishment(transaction, { variantId }, at));
      for (const variantId of await computeAndFindNeeds(shop, today))
        await Promise.all([look(variantId), look(variantId)]);
    },
  };
}

/** Rolls up the day before, computes the policies and returns the variants in need. */
export async function computeAndFindNeeds(
  { database, skus }: OperatedShop,
  today: BusinessDay,
): Promise<readonly string[]> {
  const limit = skus.length;
  const yesterday = addDays(today, -1);
  await database.run((transaction) =>
    rollUpDemand(transaction, { from: yesterday, to: yesterday, after: null, limit }),
  );
  await database.run((transaction) =>
    computePolicies(transaction, { after: null, variantId: null, limit, today }),
  );
  const { variantIds } = await database.run((transaction) => findNeeds(transaction, { after: null, limit }));
  return variantIds;
}

/** How a year by the operations compares with the same on the pure functions. */
export interface ComparedYears {
  /** Of the operations. */
  readonly fill: number;
  readonly orders: number;
  /** Share of the demand that the operations served, less that of the pure functions. */
  readonly fillDifference: number;
  /** Mean stock and orders of the operations by those of the pure functions. */
  readonly stockRatio: number;
  readonly ordersRatio: number;
  /** What {@link needlessDecisions} finds. */
  readonly needless: readonly unknown[];
  /** Names of invariants. The sales have no orders behind them; nothing else may be broken. */
  readonly broken: readonly string[];
}

const SERVICE = { kind: 'cycle', level: 0.95 } as const;
const COVER_DAYS = 21;

/** How the days are worked through, and from when on. */
export interface OperatedDays {
  readonly yearDays: number;
  /** The first day of the history. */
  readonly firstDay?: BusinessDay;
  readonly workOf?: (shop: OperatedShop) => DayWork;
}

/** Runs so many days of twenty SKUs with the forecast at .95 and a cover of 21 days, both ways. */
export async function compareYears(
  database: ShopDatabase,
  { yearDays, firstDay, workOf = byOperations }: OperatedDays,
): Promise<ComparedYears> {
  const shop = { ...syntheticShop(20, 13, firstDay), yearDays };
  const pure = simulateYear(shop, forecasting(SERVICE, COVER_DAYS, shop));
  const policy = { kind: 'forecast', service: SERVICE, coverDays: COVER_DAYS } as const;
  const built = await buildOperatedShop(database, shop, policy);
  const operated = await operateYear(built, workOf(built));
  return {
    fill: operated.fill,
    orders: operated.orders,
    fillDifference: operated.fill - pure.fill,
    stockRatio: operated.stock / pure.stock,
    ordersRatio: operated.orders / pure.orders,
    needless: await needlessDecisions(database.database),
    broken: (await database.brokenInvariants()).map(({ invariant }) => invariant),
  };
}
