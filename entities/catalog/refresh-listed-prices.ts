import { PRODUCTS_TAG } from '../cache/answer-tags';
import { endAnswers } from '../cache/end-answers';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const LATE = statement<{ productId: string }>(
  `SELECT product_id AS "productId" FROM product_listings WHERE priced_until <= now()
   ORDER BY priced_until, product_id LIMIT $1`,
  { productId: uuid },
);

const LIST = statement('SELECT FROM list_products($1::uuid[])');

/**
 * Lists the products again whose planned prices have begun or ended since they were listed. Filters and sorts by price use what is
 * listed; whatever shows or charges a price is right without it. Kept lists are ended, because other products may belong in them now.
 *
 * @param most how many products; the longest overdue come first
 * @returns how many there were
 */
export async function refreshListedPrices(transaction: Transaction, most: number): Promise<number> {
  const late = await rows(transaction, LATE, [most]);
  if (late.length === 0) return 0;
  await rows(transaction, LIST, [late.map(({ productId }) => productId)]);
  await endAnswers(transaction, { tags: [PRODUCTS_TAG], pattern: null });
  return late.length;
}
