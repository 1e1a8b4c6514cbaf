import { businessDay, endOf, instantOf, type BusinessDay } from '../calendar/business-day';
import { integer, text } from '../row-shape';
import { row, rows, statement, type Statement, type Transaction } from '../sql';
import { FIGURE_OF_EVENT, FIGURES_OF, LEVELS, type FigureSource, type Level } from './figures';
import { TAKEN, TAKEN_OF_CALL } from './sms-success';

/** A figure of an hour, or -1 for the whole day. */
interface Counted {
  readonly figure: string;
  readonly hour: number;
  readonly dimension: string;
  readonly value: number;
}

const SHAPE = { figure: text, hour: integer, dimension: text, value: integer };
const HOUR_OF = (column: string) => `extract(hour FROM ${column} AT TIME ZONE 'Asia/Tehran')::smallint`;

/** The journal keeps the events of orders for ever, and nobody changes them: a day gives the same figures whenever it is counted. */
const ORDERS = statement<Counted>(
  `SELECT f.figure, coalesce(e.hour, -1) AS hour, f.dimension, sum(f.value)::bigint AS value
   FROM (
     SELECT ${HOUR_OF('created_at')} AS hour, type, payload FROM events
     WHERE type IN ('order.created', 'order.payment_opened', 'order.payment_unavailable', 'order.paid', 'order.payment_refunded')
       AND created_at >= $1 AND created_at < $2 AND xid < $3
   ) AS e CROSS JOIN LATERAL (VALUES
     ('orders', '', CASE WHEN type = 'order.created' THEN 1 END),
     ('paid_orders', '', CASE WHEN type = 'order.paid' THEN 1 END),
     ('revenue', payload #>> '{amount,currency}',
       CASE WHEN type = 'order.paid' THEN (payload #>> '{amount,amount}')::bigint END),
     ('refunded', payload #>> '{amount,currency}',
       CASE WHEN type = 'order.payment_refunded' THEN (payload #>> '{amount,amount}')::bigint END),
     ('payments_tried', payload ->> 'gateway',
       CASE WHEN type IN ('order.payment_opened', 'order.payment_unavailable') THEN 1 END),
     ('payments_succeeded', payload ->> 'gateway',
       CASE WHEN type = 'order.paid' AND payload ->> 'gateway' <> 'none' THEN 1 END)
   ) AS f (figure, dimension, value)
   WHERE f.value IS NOT NULL
   GROUP BY GROUPING SETS ((f.figure, f.dimension, e.hour), (f.figure, f.dimension))`,
  SHAPE,
);

/**
 * Reports of deliveries come for days, which is why days are counted again. A message that a provider refuses with its whole call is
 * tried with each call that it is in.
 */
const SMS = statement<Counted>(
  `SELECT f.figure, coalesce(a.hour, -1) AS hour, a.provider AS dimension, sum(f.value)::bigint AS value
   FROM (
     SELECT ${HOUR_OF('started_at')} AS hour, provider, status, delivery FROM sms_attempts
     WHERE started_at >= $1 AND started_at < $2 AND status <> 'sending'
   ) AS a CROSS JOIN LATERAL (VALUES
     ('sms_tried', 1),
     ('sms_succeeded', CASE WHEN ${TAKEN} THEN 1 END)
   ) AS f (figure, value)
   WHERE f.value IS NOT NULL
   GROUP BY GROUPING SETS ((f.figure, a.provider, a.hour), (f.figure, a.provider))
   UNION ALL
   SELECT f.figure, coalesce(c.hour, -1), c.provider, sum(f.value)::bigint
   FROM (
     SELECT ${HOUR_OF('called_at')} AS hour, provider, size, ${TAKEN_OF_CALL} AS taken FROM campaign_batches b
     WHERE called_at >= $1 AND called_at < $2 AND status <> 'sending'
   ) AS c CROSS JOIN LATERAL (VALUES ('campaign_tried', size), ('campaign_succeeded', nullif(taken, 0))) AS f (figure, value)
   WHERE f.value IS NOT NULL
   GROUP BY GROUPING SETS ((f.figure, c.provider, c.hour), (f.figure, c.provider))`,
  SHAPE,
);

const EVENT_FIGURES = Object.entries(FIGURE_OF_EVENT)
  .map(([name, figure]) => `('${name}', '${figure}')`)
  .join(', ');

/** A visitor of several hours counts once in the day. Hashes are compared byte by byte, which is some times quicker than as words. */
const TRACKING = statement<Counted>(
  `WITH tracked AS MATERIALIZED (
     SELECT session COLLATE "C" AS session, name, ${HOUR_OF('at')} AS hour, sum(weight) AS times, max(weight) AS weight
     FROM tracking_events WHERE day = $1::date GROUP BY 1, 2, 3
   )
   SELECT f.figure, coalesce(t.hour, -1) AS hour, '' AS dimension, sum(t.times)::bigint AS value
   FROM tracked t JOIN (VALUES ${EVENT_FIGURES}) AS f (name, figure) USING (name)
   GROUP BY GROUPING SETS ((f.figure, t.hour), (f.figure))
   UNION ALL
   SELECT 'visitors', coalesce(v.hour, -1), '', sum(v.weight)::bigint
   FROM (
     SELECT session, hour, max(weight) AS weight FROM tracked GROUP BY GROUPING SETS ((session, hour), (session))
   ) AS v GROUP BY v.hour`,
  SHAPE,
);

/** Every transaction is before this one. */
const NO_HORIZON = Number.MAX_SAFE_INTEGER;

const spanOf = (day: BusinessDay) => [instantOf(day, 0), endOf(day)];
const COUNTS: Readonly<
  Record<
    FigureSource,
    { readonly count: Statement<Counted>; readonly of: (day: BusinessDay, horizon: number) => unknown[] }
  >
> = {
  orders: { count: ORDERS, of: (day, horizon) => [...spanOf(day), horizon] },
  sms: { count: SMS, of: spanOf },
  tracking: { count: TRACKING, of: (day) => [day] },
};

const KEEP = statement(
  `WITH found AS (
     SELECT * FROM unnest($3::text[], $4::smallint[], $5::text[], $6::bigint[]) AS f (figure, hour, dimension, value)
   ), kept AS (
     INSERT INTO analytics_days AS known (day, figure, hour, dimension, value)
     SELECT $1::date, figure, hour, dimension, value FROM found
     ON CONFLICT (figure, day, hour, dimension) DO UPDATE SET value = excluded.value, counted_at = now()
     WHERE known.value <> excluded.value
   )
   DELETE FROM analytics_days known
   WHERE known.day = $1::date AND known.figure = ANY($2::text[]) AND NOT EXISTS (
     SELECT FROM found f
     WHERE (f.figure, f.hour, f.dimension) = (known.figure, known.hour, known.dimension))`,
);

/**
 * Counts the figures of a day from the rows of their source. Repeating it gives the same; what came late replaces what was there.
 *
 * @param horizon events of orders are counted if their transaction is before this one
 */
export async function countDay(
  transaction: Transaction,
  source: FigureSource,
  day: BusinessDay,
  horizon = NO_HORIZON,
): Promise<void> {
  const { count, of } = COUNTS[source];
  const found = await rows(transaction, count, of(day, horizon));
  await rows(transaction, KEEP, [
    day,
    FIGURES_OF[source],
    found.map(({ figure }) => figure),
    found.map(({ hour }) => hour),
    found.map(({ dimension }) => dimension),
    found.map(({ value }) => value),
  ]);
}

const HORIZON = statement<{ horizon: number }>(
  'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon',
  { horizon: integer },
);
const NOTE_PRESENT = statement(
  'UPDATE analytics_sources SET present_day = $2::date, present_xid = $3, present_at = $4 WHERE source = $1',
);

/**
 * Counts the day that is not over. All transactions before the horizon have ended, so the figures of this moment are these and the
 * events of transactions from the horizon on.
 */
export async function countPresentDay(
  transaction: Transaction,
  source: FigureSource,
  now: Date,
): Promise<void> {
  const day = businessDay(now);
  const { horizon } = (await row(transaction, HORIZON))!;
  await countDay(transaction, source, day, horizon);
  await rows(transaction, NOTE_PRESENT, [source, day, horizon, now]);
}

const NOTE_LEVELS = statement(
  `INSERT INTO analytics_days AS known (day, figure, hour, dimension, value)
   SELECT $1::date, figure, hour, '', value
   FROM unnest($3::text[], $4::bigint[]) AS level (figure, value) CROSS JOIN (VALUES ($2::smallint), (-1)) AS h (hour)
   ON CONFLICT (figure, day, hour, dimension) DO UPDATE SET value = excluded.value, counted_at = now()`,
);

/** Notes how much there is of something. An hour and a day keep what was noted last. */
export async function noteLevels(
  transaction: Transaction,
  { day, hour }: { readonly day: BusinessDay; readonly hour: number },
  levels: Readonly<Partial<Record<Level, number>>>,
): Promise<void> {
  const noted = LEVELS.flatMap((level) => (levels[level] === undefined ? [] : [level]));
  await rows(transaction, NOTE_LEVELS, [day, hour, noted, noted.map((level) => levels[level])]);
}
