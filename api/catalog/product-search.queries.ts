import type { EntityManager } from 'typeorm';

import { boolean } from '../../entities/row-shape';
import { rowsPlannedAnew } from '../../entities/sql';
import { listingConditions, StatementValues, type ProductFilter } from './product-filter';
import {
  orderOf,
  PRODUCT_COLUMNS,
  PRODUCT_ROW,
  PRODUCT_TABLES,
  type ProductRow,
} from './product-list.queries';
import type { SearchTerms } from './search-terms';

/** A product that a search found, and whether it only sounds like the words. */
export interface FoundProductRow extends ProductRow {
  readonly similar: boolean;
}

/** Of all products with the words, the newest that are considered. It bounds the cost of the widest search. */
const MOST_MATCHES = 5_000;
/**
 * How many comparisons by sound rank the products that sound alike: each product is compared with the whole text and with each
 * word. A comparison takes 10 to 20 µs.
 */
const MOST_COMPARISONS = 4_000;
const MOST_SIMILAR = 200;
/** From 0 to 1: how much of the text must be in the title, brand or keywords. */
const LEAST_SIMILARITY = 0.45;

/**
 * The page of products that match the search, and one more, in one statement. Products that sound alike are found only when
 * no product in the chosen categories has all the words.
 */
export async function searchProducts(
  manager: EntityManager,
  filter: ProductFilter & { readonly search: SearchTerms },
): Promise<FoundProductRow[]> {
  const { search, categoryIds, sort, after } = filter;
  const values = new StatementValues();
  const beginning = `${values.add(search.beginning)}::tsquery`;
  const whole = `${values.add(search.whole)}::tsquery`;
  const text = values.add(search.text);
  const words = values.add(search.soundingWords);
  const inCategory = categoryIds ? `AND p.category_id = ANY (${values.add(categoryIds)}::uuid[])` : '';
  const bySku =
    search.skuKeys.length === 0
      ? undefined
      : `SELECT product_id FROM variants WHERE sku_key = ANY (${values.add(search.skuKeys)}::text[])`;
  const conditions = listingConditions(filter, values);
  const { key, direction } =
    sort === 'best' ? { key: 'found.score', direction: 'DESC' as const } : orderOf(sort);
  const beyond = after
    ? `WHERE (key, product_id) ${direction === 'ASC' ? '>' : '<'} (${values.add(after.key)}::bigint, ${values.add(after.id)}::uuid)`
    : '';
  const statement = {
    text: `WITH matching AS MATERIALIZED (
       SELECT p.product_id AS id, false AS similar,
         ((ts_rank(p.words, ${beginning}) + ts_rank(p.words, ${whole})) * 1000000)::bigint
           ${bySku ? `+ CASE WHEN p.product_id = ANY (ARRAY(${bySku})) THEN 10000000 ELSE 0 END` : ''} AS score
       FROM product_search p
       WHERE p.status = 'published' ${inCategory}
         AND (p.words @@ ${beginning} ${bySku ? `OR p.product_id = ANY (ARRAY(${bySku}))` : ''})
       ORDER BY p.created_at DESC, p.product_id DESC
       LIMIT ${MOST_MATCHES}
     ), tolerance AS MATERIALIZED (
       -- The threshold of %> is a setting. The query below reads it from here, so it is set before the index is used.
       SELECT persian_sound(${text}) AS sound, ARRAY(SELECT persian_sound(unnest(${words}::text[]))) AS sounds,
         set_config('pg_trgm.word_similarity_threshold', '${LEAST_SIMILARITY}', true) AS threshold
     ), alike AS MATERIALIZED (
       SELECT near.id, true AS similar, (1000000 * (
         word_similarity((SELECT sound FROM tolerance), near.sound)
         + (SELECT coalesce(avg(word_similarity(word, near.sound)), 0)
            FROM unnest((SELECT sounds FROM tolerance)) AS word)))::bigint AS score
       FROM (
         SELECT p.id, p.sound FROM products p
         WHERE NOT EXISTS (SELECT 1 FROM matching) AND p.status = 'published' ${inCategory}
           AND (${soundsAlike(search)})
         -- Without an order: the index gives candidates, each is compared, and it ends with the last that is wanted.
         LIMIT ${Math.floor(MOST_COMPARISONS / (1 + search.soundingWords.length))}
       ) AS near
       ORDER BY score DESC, near.id DESC
       LIMIT ${MOST_SIMILAR}
     ), found AS (
       SELECT * FROM matching UNION ALL SELECT * FROM alike
     ), page AS (
       SELECT * FROM (
         SELECT l.*, found.similar, ${key} AS key
         FROM found CROSS JOIN LATERAL (
           -- OFFSET 0 keeps this a lookup by product. Without it the planner reads all listings.
           SELECT * FROM product_listings l WHERE l.product_id = found.id OFFSET 0
         ) AS l
         ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ) AS listed
       ${beyond}
       ORDER BY key ${direction}, product_id ${direction}
       LIMIT ${values.add(filter.limit + 1)}
     )
     SELECT ${PRODUCT_COLUMNS}, page.similar
     FROM page
       ${PRODUCT_TABLES}
     ORDER BY page.key ${direction}, page.product_id ${direction}`,
    shape: { ...PRODUCT_ROW, similar: boolean },
  };
  return rowsPlannedAnew<FoundProductRow>(manager, statement, values.list);
}

/** As a whole, or each of the longer words by itself: «پاور بنک» is found as one word, «سامسونق گوشس» as two. */
function soundsAlike({ soundingWords }: SearchTerms): string {
  if (soundingWords.length === 0) return 'false';
  const eachWord = soundingWords.map((_, index) => `p.sound %> (SELECT sounds[${index + 1}] FROM tolerance)`);
  return [
    'p.sound %> (SELECT sound FROM tolerance)',
    ...(eachWord.length > 1 ? [eachWord.join(' AND ')] : []),
  ].join(' OR ');
}
