import type { EntityManager } from 'typeorm';

import { businessDay, instantOf } from '../calendar/business-day';
import { instant, integer, jsonList, jsonObject, nullable, text } from '../row-shape';
import { row, statement } from '../sql';
import type { Currency } from '../values/money';
import type { FiguresView } from './figures.view';
import { LEVEL_COUNTS } from './read-levels';

/** In which payments and messages count as present. */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Who did something within this time is there. */
const PRESENT_MS = 5 * MINUTE_MS;
/** More are counted as so many: nobody reads the difference, and each second would cost more. */
const MOST_TRACKED = 50_000;

interface Outcome {
  readonly by: string;
  readonly tried: number;
  readonly succeeded: number;
}
const OUTCOME = jsonObject<Outcome>({ by: text, tried: integer, succeeded: integer });

interface FromJournal {
  readonly ordersPerMinute: number;
  readonly ordersToday: number;
  readonly paidToday: number;
  readonly revenue: { readonly amount: number; readonly currency: string }[];
  readonly payments: Outcome[];
}

/** The events of today and of the last hour, by an index of nothing else. */
const FROM_JOURNAL = statement<FromJournal>(
  `WITH recent AS MATERIALIZED (
     SELECT type, payload, created_at FROM events
     WHERE type IN ('order.created', 'order.payment_opened', 'order.payment_unavailable', 'order.paid')
       AND created_at >= least($1::timestamptz, $2::timestamptz)
   )
   SELECT count(*) FILTER (WHERE type = 'order.created' AND created_at >= $3::timestamptz) AS "ordersPerMinute",
     count(*) FILTER (WHERE type = 'order.created' AND created_at >= $1) AS "ordersToday",
     count(*) FILTER (WHERE type = 'order.paid' AND created_at >= $1) AS "paidToday",
     coalesce((
       SELECT jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency) ORDER BY currency) FROM (
         SELECT payload #>> '{amount,currency}' AS currency, sum((payload #>> '{amount,amount}')::bigint) AS amount
         FROM recent WHERE type = 'order.paid' AND created_at >= $1 GROUP BY 1) AS r), '[]') AS revenue,
     coalesce((
       SELECT jsonb_agg(jsonb_build_object('by', gateway, 'tried', tried, 'succeeded', succeeded) ORDER BY gateway) FROM (
         SELECT payload ->> 'gateway' AS gateway, count(*) FILTER (WHERE type <> 'order.paid') AS tried,
           count(*) FILTER (WHERE type = 'order.paid') AS succeeded
         FROM recent WHERE created_at >= $2 AND type <> 'order.created' AND payload ->> 'gateway' <> 'none'
         GROUP BY 1) AS p), '[]') AS payments
   FROM recent`,
  {
    ordersPerMinute: integer,
    ordersToday: integer,
    paidToday: integer,
    revenue: jsonList(jsonObject({ amount: integer, currency: text })),
    payments: jsonList(OUTCOME),
  },
);

interface FromRows {
  readonly sms: Outcome[];
  readonly lowStock: number;
  readonly openTickets: number;
  readonly visitorsNow: number;
  readonly visitorsToday: number;
  readonly attention: number | null;
  readonly attentionAt: Date | null;
}

/** Ids of browsers begin with their time, so the newest are the end of the key of their day. */
const FROM_ROWS = statement<FromRows>(
  `SELECT coalesce((
       SELECT jsonb_agg(jsonb_build_object('by', provider, 'tried', tried, 'succeeded', succeeded) ORDER BY provider) FROM (
         SELECT provider, count(*) AS tried,
           count(*) FILTER (WHERE status = 'accepted' AND coalesce(delivery, '') NOT IN ('failed', 'undelivered')) AS succeeded
         FROM sms_attempts WHERE started_at >= $1 AND status <> 'sending' GROUP BY 1) AS s), '[]') AS sms,
     ${LEVEL_COUNTS.low_stock} AS "lowStock",
     ${LEVEL_COUNTS.open_tickets} AS "openTickets",
     (SELECT coalesce(sum(weight), 0) FROM (
        SELECT session, max(weight) AS weight FROM (
          SELECT session, weight FROM tracking_events
          WHERE day BETWEEN $2::date AND $3::date AND event_id >= $4::uuid AND event_id < $5::uuid LIMIT ${MOST_TRACKED}
        ) AS t GROUP BY session) AS v) AS "visitorsNow",
     coalesce((SELECT value FROM analytics_days
       WHERE figure = 'visitors' AND day = $3::date AND hour = -1 AND dimension = ''), 0) AS "visitorsToday",
     noted.value AS attention, noted.counted_at AS "attentionAt"
   FROM (SELECT) AS one LEFT JOIN LATERAL (
     SELECT value, counted_at FROM analytics_days
     WHERE figure = 'attention' AND hour = -1 ORDER BY day DESC LIMIT 1) AS noted ON true`,
  {
    sms: jsonList(OUTCOME),
    lowStock: integer,
    openTickets: integer,
    visitorsNow: integer,
    visitorsToday: integer,
    attention: nullable(integer),
    attentionAt: nullable(instant),
  },
);

/** The figures of this moment, with two statements. What workflows need and the visitors of today are as old as the last run of the job. */
export async function readFigures(manager: EntityManager, now: Date): Promise<FiguresView> {
  const today = businessDay(now);
  const before = (ms: number) => new Date(now.getTime() - ms);
  const hour = before(HOUR_MS);
  const journal = (await row(manager, FROM_JOURNAL, [instantOf(today, 0), hour, before(MINUTE_MS)]))!;
  const present = before(PRESENT_MS);
  const found = (await row(manager, FROM_ROWS, [
    ...[hour, businessDay(present), today],
    ...[firstIdOf(present), firstIdOf(before(-MINUTE_MS))],
  ]))!;
  return {
    asOf: now.toISOString(),
    ordersPerMinute: journal.ordersPerMinute,
    ordersToday: journal.ordersToday,
    paidOrdersToday: journal.paidToday,
    revenueToday: journal.revenue.map(({ amount, currency }) => ({ amount, currency: currency as Currency })),
    visitorsNow: found.visitorsNow,
    visitorsToday: found.visitorsToday,
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

/** No UUIDv7 of this millisecond or a later one is smaller. */
function firstIdOf(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
