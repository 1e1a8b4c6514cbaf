import { PRICE_IN_FORCE } from '../../entities/catalog/price-in-force';

/**
 * SQL: the prices of a listing's product at this instant, for a FROM clause. They are computed only for a listing that is late,
 * because a planned price has begun or ended since it was written.
 *
 * @param listing the alias of `product_listings`, or of a table with its columns
 */
export const PRESENT_PRICES = (listing: string) => `LEFT JOIN LATERAL (
       SELECT min(${PRICE_IN_FORCE('v')}) AS price_from, max(${PRICE_IN_FORCE('v')}) AS price_to,
         next_planned_instant(${listing}.product_id, now()) AS priced_until
       FROM variants v
       WHERE ${listing}.priced_until <= now() AND v.product_id = ${listing}.product_id AND v.status = 'active'
       HAVING count(*) > 0
     ) AS present ON true`;

/** SQL: the columns of {@link PRESENT_PRICES}, or else of the listing. */
export const LISTED_PRICES = (
  listing: string,
) => `coalesce(present.price_from, ${listing}.price_from) AS "priceFrom",
  coalesce(present.price_to, ${listing}.price_to) AS "priceTo",
  CASE WHEN present.price_from IS NULL THEN ${listing}.priced_until ELSE present.priced_until END AS "pricedUntil"`;

/**
 * The next instant at which a price that an answer shows begins or ends by plan. Whoever keeps the answer may keep it until then:
 * nothing is committed at that instant that could tell.
 */
export function nextPlannedInstant(
  products: readonly { readonly pricedUntil: Date | null }[],
): Date | undefined {
  const instants = products.flatMap(({ pricedUntil }) => pricedUntil ?? []);
  return instants.toSorted((a, b) => a.getTime() - b.getTime())[0];
}
