import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { isYetToBeShown } from '../inventory/show-switched';
import { CATEGORY, PRODUCT } from './catalog.events';

/** What holds at every instant for the catalogue. */
export const CATALOG_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(PRODUCT),
  journalHasNoGaps(CATEGORY, 'category.removed'),
  {
    invariant: 'searches-read-the-truth',
    sentence: 'A search by words reads the names of each product and of its active variants as they are.',
    violations: `
      SELECT p.id AS "productId", p.status, s.status AS "searchedAs"
      FROM products p LEFT JOIN product_search s ON s.product_id = p.id
      WHERE (s.category_id, s.status, s.created_at, s.words)
        IS DISTINCT FROM (p.category_id, p.status, p.created_at::timestamptz(3), product_words(p))`,
  },
  // What the triggers of `product_listings` keep, computed again from its sources.
  {
    invariant: 'listings-tell-the-truth',
    sentence:
      'The public list has every product that can be shown, with its category, prices and availability.',
    violations: `
      SELECT coalesce(l.product_id, t.id) AS "productId", l.price_from AS "priceFrom", t.price_from AS "cheapest",
        l.in_stock::text AS "inStock", t.in_stock::text AS "canBeHad"
      FROM product_listings l FULL JOIN (
        SELECT p.id, p.category_id, p.created_at::timestamptz(3) AS listed_at,
          min(price_in_force(v.id, v.price, listed.at)) AS price_from,
          max(price_in_force(v.id, v.price, listed.at)) AS price_to, next_planned_instant(p.id, listed.at) AS priced_until,
          bool_or(coalesce(s.on_hand > s.reserved, false)) AS in_stock
        FROM products p
          LEFT JOIN product_listings former ON former.product_id = p.id
          -- A listing may be late. It then has the prices of the last instant before the plan began or ended.
          CROSS JOIN LATERAL (
            SELECT least(now(), former.priced_until - interval '1 microsecond') AS at) AS listed
          JOIN variants v ON v.product_id = p.id AND v.status = 'active'
          LEFT JOIN (
            SELECT s.* FROM stock_levels s JOIN stock_locations place ON place.id = s.location_id AND place.sells
          ) AS s ON s.variant_id = v.id
        WHERE p.status = 'published'
        GROUP BY p.id, listed.at) AS t ON t.id = l.product_id
      WHERE (l.category_id, l.listed_at, l.price_from, l.price_to, l.in_stock, l.priced_until)
        IS DISTINCT FROM (t.category_id, t.listed_at, t.price_from, t.price_to, t.in_stock, t.priced_until)
        AND NOT EXISTS (
          SELECT FROM variants v WHERE v.product_id = coalesce(l.product_id, t.id) AND ${isYetToBeShown('v.id')})`,
  },
];
