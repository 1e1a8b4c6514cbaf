import { integer, jsonList, jsonObject, text } from '../row-shape';
import { statement } from '../sql';

/** The newest payments show how they go. */
const MOST_RECENT = 20_000;

/** How often something was tried by a gateway or provider. */
export interface Outcome {
  readonly by: string;
  readonly tried: number;
  readonly succeeded: number;
}
export const OUTCOME = jsonObject<Outcome>({ by: text, tried: integer, succeeded: integer });

/** A sum in a currency. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}
const AMOUNTS = jsonList(jsonObject<Amount>({ amount: integer, currency: text }));

/** What has happened since the job counted, and what is counted at once. */
interface FromJournal {
  /** How many events were read; one more than allowed when there are too many. */
  readonly since: number;
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
export const FROM_JOURNAL = statement<FromJournal>(
  `WITH since AS MATERIALIZED (
     SELECT type, payload, created_at FROM events
     WHERE type IN ('order.created', 'order.paid', 'order.payment_refunded') AND created_at >= $1 AND xid >= $2
     LIMIT $6::integer + 1
   ), hour AS MATERIALIZED (
     SELECT type, payload ->> 'gateway' AS gateway FROM events
     WHERE type IN ('order.payment_opened', 'order.payment_unavailable', 'order.paid') AND created_at >= $3
     ORDER BY created_at DESC LIMIT ${MOST_RECENT}
   )
   SELECT (SELECT count(*) FROM events WHERE type = 'order.created' AND created_at >= $4) AS "ordersPerMinute",
     count(*) AS since, count(*) FILTER (WHERE type = 'order.created') AS orders,
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
    since: integer,
    ordersPerMinute: integer,
    orders: integer,
    paid: integer,
    paidBefore: integer,
    revenue: AMOUNTS,
    refunded: AMOUNTS,
    payments: jsonList(OUTCOME),
  },
);
