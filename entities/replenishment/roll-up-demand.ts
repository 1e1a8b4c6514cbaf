import type { BusinessDay } from '../calendar/business-day';
import { integer, nullable, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** Days to roll up, and the variants of this page. */
export interface DemandPage {
  readonly from: BusinessDay;
  /** The last day, over in Tehran. */
  readonly to: BusinessDay;
  /** The last variant of the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** How far a page came. */
export interface RolledUp {
  readonly variants: number;
  /** The last variant of the page; null when there was none. */
  readonly last: string | null;
}

/**
 * Sales of a line at several locations are one line. Its day is the day of the payment. The usual line is the median of the last
 * 91 days, and a line counts at most five times that (`demand-series.ts`). A day's share with stock is exact: the ledger knows the
 * units after each movement.
 */
const ROLL_UP = statement<{ variants: number; last: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT v.id, v.created_at FROM variants v
     WHERE ($3::uuid IS NULL OR v.id > $3) ORDER BY v.id LIMIT $4
   ), days AS MATERIALIZED (
     SELECT d::date AS day, d::timestamp AT TIME ZONE 'Asia/Tehran' AS starts,
       (d::date + 1)::timestamp AT TIME ZONE 'Asia/Tehran' AS ends
     FROM generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') AS d
   ), span AS MATERIALIZED (
     SELECT min(starts) AS starts, max(ends) AS ends FROM days
   ), moves AS MATERIALIZED (
     SELECT m.variant_id, m.created_at AS at, m.seq, m.delta, m.reason, m.ref, p.sells
     FROM span, stock_movements m JOIN stock_locations p ON p.id = m.location_id
     WHERE m.created_at >= span.starts - interval '91 days' AND m.variant_id IN (SELECT id FROM page)
   ), lines AS (
     SELECT variant_id, min(at) AS at, -sum(delta)::integer AS units FROM moves
     WHERE reason = 'sale' GROUP BY variant_id, ref
   ), usual AS (
     SELECT variant_id, greatest(1, percentile_disc(0.5) WITHIN GROUP (ORDER BY units)) AS units FROM lines
     GROUP BY variant_id
   ), sold AS (
     SELECT l.variant_id, d.day, sum(least(l.units, 5 * u.units))::integer AS units, count(*)::integer AS lines
     FROM lines l JOIN usual u USING (variant_id) JOIN days d ON l.at >= d.starts AND l.at < d.ends
     GROUP BY l.variant_id, d.day
   ), taken_back AS (
     SELECT m.variant_id, d.day, sum(m.delta)::integer AS units
     FROM moves m JOIN days d ON m.at >= d.starts AND m.at < d.ends
     WHERE m.reason = 'cancellation' GROUP BY m.variant_id, d.day
   ), opening AS (
     SELECT page.id AS variant_id, coalesce((
         SELECT sum(l.on_hand) FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
         WHERE l.variant_id = page.id), 0)
       - coalesce((SELECT sum(m.delta) FROM moves m, span WHERE m.variant_id = page.id AND m.sells AND m.at >= span.starts), 0)
       AS units
     FROM page
   ), points AS (
     SELECT page.id AS variant_id, d.starts AS at, 0 AS seq, 0 AS delta FROM page CROSS JOIN days d
     UNION ALL
     SELECT m.variant_id, m.at, m.seq, m.delta FROM moves m, span WHERE m.sells AND m.at >= span.starts AND m.at < span.ends
   ), running AS (
     SELECT p.variant_id, p.at, o.units + sum(p.delta) OVER level AS on_hand,
       lead(p.at, 1, span.ends) OVER level AS until
     FROM points p JOIN opening o USING (variant_id) CROSS JOIN span
     WINDOW level AS (PARTITION BY p.variant_id ORDER BY p.at, p.seq ROWS UNBOUNDED PRECEDING)
   ), stocked AS (
     SELECT r.variant_id, d.day,
       least(1, coalesce(sum(extract(epoch FROM r.until - r.at)) FILTER (WHERE r.on_hand > 0), 0)
         / extract(epoch FROM d.ends - d.starts)) AS share
     FROM running r JOIN days d ON r.at >= d.starts AND r.at < d.ends
     GROUP BY r.variant_id, d.day, d.starts, d.ends
   ), found AS (
     SELECT s.variant_id, s.day, greatest(0, coalesce(sold.units, 0) - coalesce(t.units, 0)) AS units,
       coalesce(sold.lines, 0) AS lines, s.share::real AS share
     FROM stocked s JOIN page ON page.id = s.variant_id
       LEFT JOIN sold USING (variant_id, day) LEFT JOIN taken_back t USING (variant_id, day)
     WHERE s.day >= (page.created_at AT TIME ZONE 'Asia/Tehran')::date
       AND (s.share < 1 OR sold.lines > 0)
   ), kept AS (
     INSERT INTO demand_daily AS known (variant_id, day, units, lines, in_stock_share)
     SELECT variant_id, day, units, lines, share FROM found
     ON CONFLICT (variant_id, day) DO UPDATE
     SET units = excluded.units, lines = excluded.lines, in_stock_share = excluded.in_stock_share
     WHERE (known.units, known.lines, known.in_stock_share)
       IS DISTINCT FROM (excluded.units, excluded.lines, excluded.in_stock_share)
   ), gone AS (
     DELETE FROM demand_daily known USING page
     WHERE known.variant_id = page.id AND known.day BETWEEN $1::date AND $2::date
       AND NOT EXISTS (SELECT FROM found WHERE (found.variant_id, found.day) = (known.variant_id, known.day))
   )
   SELECT count(*)::integer AS variants, (max(id::text))::uuid AS last FROM page`,
  { variants: integer, last: nullable(uuid) },
);

/**
 * Computes the demand of these days again, for a page of variants. Repeating it gives the same rows, and late changes of a day
 * replace what was there.
 */
export async function rollUpDemand(
  transaction: Transaction,
  { from, to, after, limit }: DemandPage,
): Promise<RolledUp> {
  return (await row(transaction, ROLL_UP, [from, to, after, limit]))!;
}

const FINISH = statement(
  `UPDATE demand_profiles SET rolled_up_to = greatest(rolled_up_to, $1::date) WHERE id = 1`,
);

/** Notes that all pages up to a day are done. */
export async function finishRollUp(transaction: Transaction, to: BusinessDay): Promise<void> {
  await rows(transaction, FINISH, [to]);
}
