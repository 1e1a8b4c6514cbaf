import { endProductAnswers } from '../cache/end-answers';
import { integer, text, uuid } from '../row-shape';
import type { Transaction } from '../sql';

/** What is recommended for a product, in a form that can be compared. */
export interface Recommended {
  readonly productId: string;
  readonly stored: number;
  readonly digest: string;
}

/** The columns of {@link Recommended}. */
export const RECOMMENDED = { productId: uuid, stored: integer, digest: text };

/** In SQL: a {@link Recommended} of each product, from rows that were written or removed. */
export const recommendedOf = (written: string): string => `
  SELECT product_id AS "productId", count(*) AS stored, md5(string_agg(other_id::text, ' ' ORDER BY rank)) AS digest
  FROM ${written} GROUP BY product_id`;

/**
 * Ends the kept answers of the products for which something else is recommended now.
 *
 * @returns how many recommendations there are now
 */
export async function endChangedAnswers(
  transaction: Transaction,
  before: readonly Recommended[],
  after: readonly Recommended[],
): Promise<number> {
  const changed = new Map(before.map(({ productId, digest }) => [productId, digest]));
  let total = 0;
  for (const { productId, stored, digest } of after) {
    total += stored;
    if (changed.get(productId) === digest) changed.delete(productId);
    else changed.set(productId, digest);
  }
  await endProductAnswers(transaction, [...changed.keys()]);
  return total;
}
