import { addDays, daysBetween, type BusinessDay } from '../calendar/business-day';
import { integer, jsonList, nullable, number, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { demandOf, type DemandSeries } from './demand-series';
import { hasShortHistory } from './forecast';

/** What a variant has sold, up to yesterday. */
export interface VariantDemand {
  readonly variantId: string;
  /** As many days as were asked for. Before the variant's first day nothing is known. */
  readonly series: DemandSeries;
  /** Units of a paid line on average; 1 where none is known. */
  readonly meanLine: number;
  /** Mean units a day of the variants of its category in the last 91 days; 0 for a variant whose own history is long enough. */
  readonly categoryMean: number;
}

interface KnownDays {
  readonly variantId: string;
  readonly categoryId: string;
  readonly firstDay: string;
  /** Days after the first one that was asked for. Null when no day has a row. */
  readonly at: number[] | null;
  readonly units: number[] | null;
  readonly shares: number[] | null;
  readonly lines: number;
}

/** A row for each variant, not for each day: a night reads millions of days, and JSON is by far the quickest to parse. */
const READ = statement<KnownDays>(
  `SELECT v.id AS "variantId", p.category_id AS "categoryId",
     (v.created_at AT TIME ZONE 'Asia/Tehran')::date::text AS "firstDay", known.*
   FROM variants v JOIN products p ON p.id = v.product_id CROSS JOIN LATERAL (
     SELECT to_json(array_agg(d.day - $2::date)) AS at, to_json(array_agg(d.units)) AS units,
       to_json(array_agg(d.in_stock_share)) AS shares, coalesce(sum(d.lines), 0)::integer AS lines
     FROM demand_daily d WHERE d.variant_id = v.id AND d.day BETWEEN $2::date AND $3::date
   ) AS known
   WHERE v.id = ANY ($1::uuid[]) ORDER BY v.id`,
  {
    variantId: uuid,
    categoryId: uuid,
    firstDay: text,
    at: nullable(jsonList(integer)),
    units: nullable(jsonList(integer)),
    shares: nullable(jsonList(number)),
    lines: integer,
  },
);

/** Reads the demand of 91 days of every variant of these categories, so only where somebody needs it. */
const READ_MEANS = statement<{ categoryId: string; mean: number }>(
  `SELECT c.id AS "categoryId", coalesce(sum(d.units), 0)::float8 / 91 / count(DISTINCT v.id) AS mean
   FROM unnest($1::uuid[]) AS c(id)
     JOIN products p ON p.category_id = c.id
     JOIN variants v ON v.product_id = p.id AND v.status = 'active'
     LEFT JOIN demand_daily d ON d.variant_id = v.id AND d.day BETWEEN $2::date - 90 AND $2::date
   GROUP BY c.id`,
  { categoryId: uuid, mean: number },
);

/** The demand of these variants on the `days` days that end with `to`. At most some hundred variants at once. */
export async function readDemand(
  transaction: Transaction,
  variantIds: readonly string[],
  { to, days }: { readonly to: BusinessDay; readonly days: number },
): Promise<VariantDemand[]> {
  const from = addDays(to, 1 - days);
  const found = await rows(transaction, READ, [variantIds, from, to]);
  const read = found.map((known) => ({ known, series: seriesOf(known, from, days) }));
  const short = read.filter(({ series }) => hasShortHistory(series)).map(({ known }) => known.categoryId);
  const means = await readMeans(transaction, [...new Set(short)], to);
  return read.map(({ known: { variantId, categoryId, units, lines }, series }) => ({
    variantId,
    series,
    meanLine: lines > 0 ? sum(units ?? []) / lines : 1,
    categoryMean: means.get(categoryId) ?? 0,
  }));
}

async function readMeans(
  transaction: Transaction,
  categoryIds: readonly string[],
  to: BusinessDay,
): Promise<ReadonlyMap<string, number>> {
  if (categoryIds.length === 0) return new Map();
  const means = await rows(transaction, READ_MEANS, [categoryIds, to]);
  return new Map(means.map(({ categoryId, mean }) => [categoryId, mean]));
}

/** Nothing is known before the variant's first day. A day without a row had stock and sold nothing. */
function seriesOf({ firstDay, at, units, shares }: KnownDays, from: BusinessDay, days: number): DemandSeries {
  const begins = Math.max(0, daysBetween(from, firstDay));
  const series = Array.from({ length: days }, (_, day): number | null => (day < begins ? null : 0));
  at?.forEach((day, place) => {
    series[day] = demandOf({ units: units![place]!, inStockShare: shares![place]! });
  });
  return series;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
