import type { EntityManager } from 'typeorm';

import { businessDay, instantOf } from '../calendar/business-day';
import { instant, integer, jsonList, jsonObject, nullable, text } from '../row-shape';
import { row, statement } from '../sql';
import type { Currency, Money } from '../values/money';
import type { CountedFigure, Level } from './figures';
import type { FiguresView } from './figures.view';
import { FROM_JOURNAL, OUTCOME, type Amount, type Outcome } from './journal-figures';
import { LEVEL_COUNTS } from './read-levels';
import { RECENT_CAMPAIGNS, RECENT_SMS } from './sms-success';

/** In which payments and messages count as present. */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Who did something within this time is there. */
const PRESENT_MS = 5 * MINUTE_MS;
/** A session has a row for each minute. More are counted as so many: nobody reads the difference, and each second would cost more. */
const MOST_PRESENT = 50_000;
/** The job counts every five minutes. While it has not run for long, no more than so many events are read each second. */
const BOUNDS = { mostSince: 100_000 };

/** Instead of what was read of too much. */
const NOTHING_SINCE = { orders: 0, paid: 0, paidBefore: 0, revenue: [], refunded: [] };

interface Counted {
  readonly figure: string;
  readonly dimension: string;
  readonly value: number;
}

interface FromRows {
  readonly sms: Outcome[];
  readonly campaigns: Outcome[];
  readonly openTickets: number;
  readonly visitorsNow: number;
  readonly counted: Counted[];
  /** Which transactions of orders are not counted for today. */
  readonly horizon: number;
  readonly ordersAt: Date | null;
  readonly visitorsAt: Date | null;
  readonly lowStock: number | null;
  readonly lowStockAt: Date | null;
  readonly attention: number | null;
  readonly attentionAt: Date | null;
}

/** In SQL: how much there was of something when the job last looked, as a table of its name. */
const NOTED = (level: Level) =>
  `LEFT JOIN LATERAL (SELECT value, counted_at FROM analytics_days
     WHERE figure = '${level}' AND hour = -1 ORDER BY day DESC LIMIT 1) AS ${level} ON true`;

/** What the job has counted of today, and what is counted at once: each by an index of nothing older. */
const FROM_ROWS = statement<FromRows>(
  `SELECT ${RECENT_SMS} AS sms, ${RECENT_CAMPAIGNS} AS campaigns,
     ${LEVEL_COUNTS.open_tickets} AS "openTickets",
     (SELECT coalesce(sum(weight), 0) FROM (
        SELECT session, max(weight) AS weight FROM (
          SELECT session, weight FROM tracking_present
          WHERE minute > $3 AND minute <= $4 ORDER BY minute DESC LIMIT ${MOST_PRESENT}
        ) AS p GROUP BY session) AS v) AS "visitorsNow",
     coalesce((SELECT jsonb_agg(jsonb_build_object('figure', figure, 'dimension', dimension, 'value', value))
       FROM analytics_days
       WHERE figure IN ('orders', 'paid_orders', 'revenue', 'refunded', 'visitors') AND day = $2::date AND hour = -1
         AND (figure = 'visitors' OR EXISTS (
           SELECT FROM analytics_sources WHERE source = 'orders' AND present_day = day))
     ), '[]') AS counted,
     coalesce((SELECT present_xid FROM analytics_sources WHERE source = 'orders' AND present_day = $2), 0) AS horizon,
     (SELECT present_at FROM analytics_sources WHERE source = 'orders' AND present_day = $2) AS "ordersAt",
     (SELECT present_at FROM analytics_sources WHERE source = 'tracking' AND present_day = $2) AS "visitorsAt",
     low_stock.value AS "lowStock", low_stock.counted_at AS "lowStockAt",
     attention.value AS attention, attention.counted_at AS "attentionAt"
   FROM (SELECT) AS one ${NOTED('low_stock')} ${NOTED('attention')}`,
  {
    sms: jsonList(OUTCOME),
    campaigns: jsonList(OUTCOME),
    openTickets: integer,
    visitorsNow: integer,
    counted: jsonList(jsonObject<Counted>({ figure: text, dimension: text, value: integer })),
    horizon: integer,
    ordersAt: nullable(instant),
    visitorsAt: nullable(instant),
    lowStock: nullable(integer),
    lowStockAt: nullable(instant),
    attention: nullable(integer),
    attentionAt: nullable(instant),
  },
);

/**
 * The figures of this moment, with two statements. Those of today are what the job counted last and the events since, so a second
 * costs the same in the evening as in the morning. Visitors of today, low stock and what workflows need are as old as the last run. So are
 * orders and money of today while more has happened since than may be read.
 */
export async function readFigures(
  manager: EntityManager,
  now: Date,
  { mostSince } = BOUNDS,
): Promise<FiguresView> {
  const today = businessDay(now);
  const before = (ms: number) => new Date(now.getTime() - ms);
  const hour = before(HOUR_MS);
  const found = (await row(manager, FROM_ROWS, [hour, today, before(PRESENT_MS), now]))!;
  const midnight = instantOf(today, 0);
  const span = [midnight, found.horizon, hour, before(MINUTE_MS), found.visitorsAt, mostSince];
  const journal = (await row(manager, FROM_JOURNAL, span))!;
  const isWhole = journal.since <= mostSince;
  const since = isWhole ? journal : NOTHING_SINCE;
  const countedOf = (name: CountedFigure) => found.counted.filter(({ figure }) => figure === name);
  const countOf = (name: CountedFigure) => countedOf(name)[0]?.value ?? 0;
  const amountsOf = (name: CountedFigure, later: readonly Amount[]) =>
    added(
      countedOf(name).map(({ dimension, value }) => ({ amount: value, currency: dimension })),
      later,
    );
  const visitorsToday = countOf('visitors');
  return {
    asOf: now.toISOString(),
    ordersPerMinute: journal.ordersPerMinute,
    todayAsOf: (isWhole ? now : (found.ordersAt ?? midnight)).toISOString(),
    ordersToday: countOf('orders') + since.orders,
    paidOrdersToday: countOf('paid_orders') + since.paid,
    revenueToday: amountsOf('revenue', since.revenue),
    refundedToday: amountsOf('refunded', since.refunded),
    visitorsNow: found.visitorsNow,
    visitorsToday,
    conversion:
      found.visitorsAt === null || !isWhole
        ? null
        : {
            paidOrders: countOf('paid_orders') + since.paidBefore,
            visitors: visitorsToday,
            asOf: found.visitorsAt.toISOString(),
          },
    payments: journal.payments.map(({ by, ...counts }) => ({ gateway: by, ...counts })),
    sms: found.sms.map(providerOf),
    campaigns: found.campaigns.map(providerOf),
    lowStock:
      found.lowStock === null || found.lowStockAt === null
        ? null
        : { count: found.lowStock, asOf: found.lowStockAt.toISOString() },
    openTickets: found.openTickets,
    attention:
      found.attention === null || found.attentionAt === null
        ? null
        : { workflows: found.attention, asOf: found.attentionAt.toISOString() },
  };
}

const providerOf = ({ by, ...counts }: Outcome) => ({ provider: by, ...counts });

/** The sums of both, by currency. */
function added(...lists: readonly (readonly Amount[])[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of lists.flat()) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, amount]) => ({ amount, currency: currency as Currency }));
}
