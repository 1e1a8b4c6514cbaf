import { addDays, daysBetween, type BusinessDay } from '../calendar/business-day';
import { integer, nullable, number, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { demandOf, type DemandSeries } from './demand-series';

/** What a variant has sold, up to yesterday. */
export interface VariantDemand {
  readonly variantId: string;
  /** As many days as were asked for. Before the variant's first day nothing is known. */
  readonly series: DemandSeries;
  /** Units of a paid line on average; 1 where none is known. */
  readonly meanLine: number;
  /** Mean units a day of the variants of its category in the last 91 days. */
  readonly categoryMean: number;
}

const READ = statement<{
  variantId: string;
  firstDay: string;
  categoryMean: number | null;
  day: string | null;
  units: number | null;
  lines: number | null;
  share: number | null;
}>(
  `WITH wanted AS MATERIALIZED (
     SELECT v.id, p.category_id, (v.created_at AT TIME ZONE 'Asia/Tehran')::date::text AS first_day
     FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = ANY ($1::uuid[])
   ), means AS MATERIALIZED (
     SELECT c.category_id, coalesce(sum(d.units), 0)::float8 / 91 / count(DISTINCT v.id) AS mean
     FROM (SELECT DISTINCT category_id FROM wanted) AS c
       JOIN products p ON p.category_id = c.category_id
       JOIN variants v ON v.product_id = p.id AND v.status = 'active'
       LEFT JOIN demand_daily d ON d.variant_id = v.id AND d.day BETWEEN $3::date - 90 AND $3::date
     GROUP BY c.category_id
   )
   SELECT w.id AS "variantId", w.first_day AS "firstDay", m.mean AS "categoryMean", d.day::text AS day,
     d.units, d.lines, d.in_stock_share AS share
   FROM wanted w LEFT JOIN means m ON m.category_id = w.category_id
     LEFT JOIN demand_daily d ON d.variant_id = w.id AND d.day BETWEEN $2::date AND $3::date
   ORDER BY w.id`,
  {
    variantId: uuid,
    firstDay: text,
    categoryMean: nullable(number),
    day: nullable(text),
    units: nullable(integer),
    lines: nullable(integer),
    share: nullable(number),
  },
);

/** The demand of these variants on the `days` days that end with `to`. At most some hundred variants at once. */
export async function readDemand(
  transaction: Transaction,
  variantIds: readonly string[],
  { to, days }: { readonly to: BusinessDay; readonly days: number },
): Promise<VariantDemand[]> {
  const from = addDays(to, 1 - days);
  const found = await rows(transaction, READ, [variantIds, from, to]);
  return [...byVariant(found)].map(([variantId, known]) => {
    const { firstDay, categoryMean } = known[0]!;
    const begins = Math.max(0, daysBetween(from, firstDay));
    const series: (number | null)[] = Array.from({ length: days }, (_, at) => (at < begins ? null : 0));
    let units = 0;
    let lines = 0;
    for (const row of known) {
      if (row.day === null) continue;
      series[daysBetween(from, row.day)] = demandOf({ units: row.units!, inStockShare: row.share! });
      units += row.units!;
      lines += row.lines!;
    }
    const meanLine = lines > 0 ? units / lines : 1;
    return { variantId, series, meanLine, categoryMean: categoryMean ?? 0 };
  });
}

function byVariant<Row extends { readonly variantId: string }>(found: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of found) {
    const group = groups.get(row.variantId);
    if (group) group.push(row);
    else groups.set(row.variantId, [row]);
  }
  return groups;
}
