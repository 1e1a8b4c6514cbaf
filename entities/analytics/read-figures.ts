import type { EntityManager } from 'typeorm';

import { businessDay, instantOf } from '../calendar/business-day';
import { instant, integer, jsonList, jsonObject, nullable, text } from '../row-shape';
import { row, statement } from '../sql';
import type { Currency, Money } from '../values/money';
import type { CountedFigure } from './figures';
import type { FiguresView } from './figures.view';
import { LEVEL_COUNTS } from './read-levels';

/** In which payments and messages count as present. */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Who did something within this time is there. */
const PRESENT_MS = 5 * MINUTE_MS;
/** A session has a row for each minute. More are counted as so many: nobody reads the difference, and each second would cost more. */
const MOST_PRESENT = 50_000;
/** The newest payments and messages show how they go. */
const MOST_RECENT = 20_000;
/** The job counts every five minutes. While it has not run for long, what came since grows no further. */
const MOST_SINCE = 100_000;

interface Outcome {
  readonly by: string;
  readonly tried: number;
  readonly succeeded: number;
}
const OUTCOME = jsonObject<Outcome>({ by: text, tried: integer, succeeded: integer });

interface Amount {
  readonly amount: number;
  readonly currency: string;
}
const AMOUNTS = jsonList(jsonObject<Amount>({ amount: integer, currency: text }));

interface FromJournal {
  readonly ordersPerMinute: number;
  readonly orders: number;
  readonly paid: number;
  readonly paidBefore: number;
  readonly revenue: Amount[];
  readonly refunded: Amount[];
  readonly payments: Outcome[];
}

const sumOf = (type: string) => `coalesce((
  SELECT jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency)) FROM (
    SELECT payload #>> '{amount,currency}' AS currency, sum((payload #>> '{amount,amount}')::bigint) AS amount
    FROM since WHERE type = '${type}' GROUP BY 1) AS sums), '[]')`;

/** The events of today since the job counted, and those of the last minute and hour, by indexes of nothing older. */
const FROM_JOURNAL = statement<FromJournal>(
  `WITH since AS MATERIALIZED (
     SELECT type, payload, created_at FROM events
     WHERE type IN ('order.created', 'order.paid', 'order.payment_refunded') AND created_at >= $1 AND xid >= $2
     LIMIT ${MOST_SINCE}
   ), hour AS MATERIALIZED (
     SELECT type, payload ->> 'gateway' AS gateway FROM events
     WHERE type IN ('order.payment_opened', 'order.payment_unavailable', 'order.paid') AND created_at >= $3
     ORDER BY created_at DESC LIMIT ${MOST_RECENT}
   )
   SELECT (SELECT count(*) FROM events WHERE type = 'order.created' AND created_at >= $4) AS "ordersPerMinute",
     count(*) FILTER (WHERE type = 'order.created') AS orders,
     count(*) FILTER (WHERE type = 'order.paid') AS paid,
     count(*) FILTER (WHERE type = 'order.paid' AND created_at <= $5::timestamptz) AS "paidBefore",
     ${sumOf('order.paid')} AS revenue, ${sumOf('order.payment_refunded')} AS refunded,
     coalesce((
       SELECT jsonb_agg(jsonb_build_object('by', gateway, 'tried', tried, 'succeeded', succeeded) ORDER BY gateway) FROM (
         SELECT gateway, count(*) FILTER (WHERE type <> 'order.paid') AS tried,
           count(*) FILTER (WHERE type = 'order.paid') AS succeeded
         FROM hour WHERE gateway <> 'none' GROUP BY 1) AS p), '[]') AS payments
   FROM since`,
  {
    ordersPerMinute: integer,
    orders: integer,
    paid: integer,
    paidBefore: integer,
    revenue: AMOUNTS,
    refunded: AMOUNTS,
    payments: jsonList(OUTCOME),
  },
);

interface Counted {
  readonly figure: string;
  readonly dimension: string;
  readonly value: number;
}

interface FromRows {
  readonly sms: Outcome[];
  readonly lowStock: number;
  readonly openTickets: number;
  readonly visitorsNow: number;
  readonly counted: Counted[];
  /** Which transactions of orders are not counted for today. */
  readonly horizon: number;
  readonly visitorsAt: Date | null;
  readonly attention: number | null;
  readonly attentionAt: Date | null;
}

/** What the job has counted of today, and what is counted at once: each by an index of nothing older. */
const FROM_ROWS = statement<FromRows>(
  `SELECT coalesce((
       SELECT jsonb_agg(jsonb_build_object('by', provider, 'tried', tried, 'succeeded', succeeded) ORDER BY provider) FROM (
         SELECT provider, count(*) AS tried,
           count(*) FILTER (WHERE status = 'accepted' AND coalesce(delivery, '') NOT IN ('failed', 'undelivered')) AS succeeded
         FROM (SELECT provider, status, delivery FROM sms_attempts
           WHERE started_at >= $1 AND status <> 'sending' ORDER BY started_at DESC LIMIT ${MOST_RECENT}) AS recent
         GROUP BY 1) AS s), '[]') AS sms,
     ${LEVEL_COUNTS.low_stock} AS "lowStock",
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
     (SELECT present_at FROM analytics_sources WHERE source = 'tracking' AND present_day = $2) AS "visitorsAt",
     noted.value AS attention, noted.counted_at AS "attentionAt"
   FROM (SELECT) AS one LEFT JOIN LATERAL (
     SELECT value, counted_at FROM analytics_days
     WHERE figure = 'attention' AND hour = -1 ORDER BY day DESC LIMIT 1) AS noted ON true`,
  {
    sms: jsonList(OUTCOME),
    lowStock: integer,
    openTickets: integer,
    visitorsNow: integer,
    counted: jsonList(jsonObject<Counted>({ figure: text, dimension: text, value: integer })),
    horizon: integer,
    visitorsAt: nullable(instant),
    attention: nullable(integer),
    attentionAt: nullable(instant),
  },
);

/**
 * The figures of this moment, with two statements. Those of today are what the job counted last and the events since, so a second
 * costs the same in the evening as in the morning. Visitors of today and what workflows need are as old as the last run.
 */
export async function readFigures(manager: EntityManager, now: Date): Promise<FiguresView> {
  const today = businessDay(now);
  const before = (ms: number) => new Date(now.getTime() - ms);
  const hour = before(HOUR_MS);
  const found = (await row(manager, FROM_ROWS, [hour, today, before(PRESENT_MS), now]))!;
  const times = [instantOf(today, 0), found.horizon, hour, before(MINUTE_MS), found.visitorsAt];
  const journal = (await row(manager, FROM_JOURNAL, times))!;
  const countedOf = (name: CountedFigure) => found.counted.filter(({ figure }) => figure === name);
  const countOf = (name: CountedFigure) => countedOf(name)[0]?.value ?? 0;
  const amountsOf = (name: CountedFigure, since: readonly Amount[]) =>
    added(
      countedOf(name).map(({ dimension, value }) => ({ amount: value, currency: dimension })),
      since,
    );
  const visitorsToday = countOf('visitors');
  return {
    asOf: now.toISOString(),
    ordersPerMinute: journal.ordersPerMinute,
    ordersToday: countOf('orders') + journal.orders,
    paidOrdersToday: countOf('paid_orders') + journal.paid,
    revenueToday: amountsOf('revenue', journal.revenue),
    refundedToday: amountsOf('refunded', journal.refunded),
    visitorsNow: found.visitorsNow,
    visitorsToday,
    conversion: found.visitorsAt && {
      paidOrders: countOf('paid_orders') + journal.paidBefore,
      visitors: visitorsToday,
      asOf: found.visitorsAt.toISOString(),
    },
    payments: journal.payments.map(({ by, ...counts }) => ({ gateway: by, ...counts })),
    sms: found.sms.map(({ by, ...counts }) => ({ provider: by, ...counts })),
    lowStock: found.lowStock,
    openTickets: found.openTickets,
    attention:
      found.attention === null || found.attentionAt === null
        ? null
        : { workflows: found.attention, asOf: found.attentionAt.toISOString() },
  };
}

/** The sums of both, by currency. */
function added(...lists: readonly (readonly Amount[])[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of lists.flat()) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, amount]) => ({ amount, currency: currency as Currency }));
}
