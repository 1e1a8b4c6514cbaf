import { addDays, daysBetween, type BusinessDay } from '../calendar/business-day';
import type { CalendarDay } from '../calendar/calendar-day';
import { readCalendar } from '../calendar/shop-calendar';
import {
  learnedLeadTime,
  protectionDays,
  workingDaysBetween,
  type SupplierTerms,
} from '../calendar/supplier-calendar';
import { array, integer, json, jsonList, jsonObject, nullable, number, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { demandOver, fitForecast } from './forecast';
import { bandOf, type Band, type Policy, type PolicyInputs } from './policy';
import { readDemand, type VariantDemand } from './read-demand';
import { FLAT_PROFILE, type ShopProfile } from './shop-profile';

/** Which policies to compute. */
export interface PolicyPage {
  /** The last policy of the page before; null for the first page. */
  readonly after: string | null;
  /** Only those of one variant. */
  readonly variantId: string | null;
  readonly limit: number;
  /** The present business day. */
  readonly today: BusinessDay;
}

/** Three years show each season at least twice. */
const HISTORY_DAYS = 1_095;
/** The calendar ahead: the longest lead time over Nowruz, and the cover days after it. */
const AHEAD_DAYS = 800;
/** Suppliers count working days, forecasts all days. */
const CALENDAR_PER_WORKING_DAY = 7 / 6;
/** Orders are decided at night and reach the supplier in the morning. */
const DECIDED_AT_MINUTE = 0;

/** Of a variant that nobody delivers yet, so that its band can be shown. */
const UNKNOWN_SUPPLIER: SupplierTerms = {
  leadDays: 7,
  leadSd: 2,
  weekdays: [0, 1, 2, 3, 4, 5],
  cutoffMinute: 12 * 60,
  reviewDays: 1,
};

/** The days on which a supplier had an order, and its first goods arrived. */
interface Receipt {
  readonly ordered: BusinessDay;
  readonly arrived: BusinessDay;
}

interface PolicyToCompute {
  readonly id: string;
  readonly variantId: string;
  readonly policy: Policy;
  readonly leadDays: number | null;
  readonly leadSd: number | null;
  readonly weekdays: number[] | null;
  readonly cutoffMinute: number | null;
  readonly reviewDays: number | null;
  /** The supplier's last receipts, the oldest first. */
  readonly receipts: Receipt[];
}

const READ_PAGE = statement<PolicyToCompute>(
  `SELECT r.id, r.variant_id AS "variantId", r.policy, s.lead_days AS "leadDays", s.lead_sd AS "leadSd", s.weekdays,
     s.cutoff_minute AS "cutoffMinute", s.review_days AS "reviewDays", coalesce(times.receipts, '[]') AS receipts
   FROM replenishment_policies r
     LEFT JOIN supplier_items i ON i.variant_id = r.variant_id AND i.preferred
     LEFT JOIN suppliers s ON s.id = i.supplier_id
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('ordered', last.ordered, 'arrived', last.arrived) ORDER BY last.ordered) AS receipts
       FROM (
         SELECT (o.ordered_at AT TIME ZONE 'Asia/Tehran')::date AS ordered,
           (o.arrived_at AT TIME ZONE 'Asia/Tehran')::date AS arrived
         FROM (
           SELECT o.id, o.ordered_at, (SELECT min(c.received_at) FROM purchase_order_receipts c WHERE c.order_id = o.id) AS arrived_at
           FROM purchase_orders o WHERE o.supplier_id = s.id AND o.ordered_at IS NOT NULL
           ORDER BY o.number DESC LIMIT 20) AS o
         WHERE o.arrived_at IS NOT NULL ORDER BY o.ordered_at DESC LIMIT 10) AS last
     ) AS times ON true
   WHERE ($1::uuid IS NULL OR r.id > $1) AND ($2::uuid IS NULL OR r.variant_id = $2)
   ORDER BY r.id LIMIT $3`,
  {
    id: uuid,
    variantId: uuid,
    policy: json<Policy>(),
    leadDays: nullable(integer),
    leadSd: nullable(number),
    weekdays: nullable(array(integer)),
    cutoffMinute: nullable(integer),
    reviewDays: nullable(integer),
    receipts: jsonList(jsonObject<Receipt>({ ordered: text, arrived: text })),
  },
);

const READ_PROFILE = statement<{ profile: ShopProfile | null }>('SELECT profile FROM demand_profiles', {
  profile: json<ShopProfile | null>(),
});

/** Terms that were changed since they were read are left alone: their band was computed with the change. */
const STORE = statement(
  `WITH computed AS MATERIALIZED (
     SELECT c.*, r.variant_id, r.location_id
     FROM jsonb_to_recordset($1::jsonb) AS c(id uuid, policy jsonb, inputs jsonb, "reorderPoint" integer, "upTo" integer)
       JOIN replenishment_policies r USING (id, policy)
     ORDER BY id FOR NO KEY UPDATE OF r
   ), stored AS (
     UPDATE replenishment_policies r
     SET inputs = c.inputs, reorder_point = c."reorderPoint", up_to = c."upTo", computed_on = $2::date
     FROM computed c WHERE r.id = c.id
   ), levels AS MATERIALIZED (
     SELECT l.variant_id, l.location_id, c."reorderPoint" AS point, c.location_id IS NULL AS shared
     FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id
       JOIN computed c ON c.variant_id = l.variant_id AND (c.location_id = l.location_id OR c.location_id IS NULL AND p.sells)
     ORDER BY l.variant_id, l.location_id FOR NO KEY UPDATE OF l
   )
   UPDATE stock_levels l SET reorder_point = levels.point, reorder_shared = levels.shared
   FROM levels
   WHERE (l.variant_id, l.location_id) = (levels.variant_id, levels.location_id)
     AND (l.reorder_point, l.reorder_shared) IS DISTINCT FROM (levels.point, levels.shared)`,
);

/** A policy with what was computed for it. */
export interface ComputedPolicy extends Band {
  readonly id: string;
  readonly policy: Policy;
  readonly inputs: PolicyInputs;
}

/**
 * Computes inputs and band of a page of policies from the demand up to yesterday, and stores them, the reorder point also at the
 * stock levels that it watches. Repeating it gives the same.
 *
 * @returns how many it computed, and the last of them
 */
export async function computePolicies(
  transaction: Transaction,
  page: PolicyPage,
): Promise<{ readonly policies: number; readonly last: string | null }> {
  const found = await rows(transaction, READ_PAGE, [page.after, page.variantId, page.limit]);
  if (found.length === 0) return { policies: 0, last: null };
  const from = addDays(page.today, -HISTORY_DAYS);
  const calendar = await readCalendar(transaction, from, HISTORY_DAYS + AHEAD_DAYS);
  const { profile } = (await row(transaction, READ_PROFILE))!;
  const variantIds = [...new Set(found.map(({ variantId }) => variantId))];
  const period = { to: addDays(page.today, -1), days: HISTORY_DAYS };
  const demand = new Map(
    (await readDemand(transaction, variantIds, period)).map((one) => [one.variantId, one]),
  );
  const computed = found.map((one) =>
    computePolicy(one, demand.get(one.variantId)!, calendar, profile ?? FLAT_PROFILE),
  );
  await rows(transaction, STORE, [JSON.stringify(computed), page.today]);
  return { policies: found.length, last: found.at(-1)!.id };
}

function computePolicy(
  toCompute: PolicyToCompute,
  { series, meanLine, categoryMean }: VariantDemand,
  calendar: readonly CalendarDay[],
  profile: ShopProfile,
): ComputedPolicy & { readonly reorderPoint: number } {
  const { id, policy, receipts } = toCompute;
  const promised = termsOf(toCompute);
  const place = (day: BusinessDay) => daysBetween(calendar[0]!.day, day);
  const leadTimes = receipts
    .filter(({ ordered }) => place(ordered) >= 0)
    .map(({ ordered, arrived }) => workingDaysBetween(calendar, place(ordered), place(arrived)));
  const learned = learnedLeadTime(leadTimes, promised);
  const ahead = calendar.slice(HISTORY_DAYS);
  const days = protectionDays({ ...promised, ...learned }, ahead, DECIDED_AT_MINUTE);
  const forecast = fitForecast(series, calendar.slice(0, HISTORY_DAYS), profile, categoryMean);
  const coverDays = policy.kind === 'min_max' ? 0 : policy.coverDays;
  const inputs: PolicyInputs = {
    protectionDays: days,
    protection: demandOver(forecast, ahead.slice(0, days)),
    coverUnits: demandOver(forecast, ahead.slice(days, days + coverDays)).mean,
    leadSd: learned.leadSd * CALENDAR_PER_WORKING_DAY,
    meanLine,
    costs: null,
  };
  return { id, policy, inputs, ...bandOf(policy, inputs) };
}

function termsOf(one: PolicyToCompute): SupplierTerms {
  if (one.leadDays === null) return UNKNOWN_SUPPLIER;
  return {
    leadDays: one.leadDays,
    leadSd: one.leadSd!,
    weekdays: one.weekdays!,
    cutoffMinute: one.cutoffMinute!,
    reviewDays: one.reviewDays!,
  };
}
