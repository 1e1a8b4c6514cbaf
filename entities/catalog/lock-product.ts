import { AppError, assertThat } from '../errors';
import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

const LOCK = statement<{ version: number }>(
  'SELECT version FROM product_versions WHERE id = $1 FOR NO KEY UPDATE',
  { version: integer },
);

/**
 * Locks what is known of a product: its texts, variants, prices and pictures. Changes of one product follow each other.
 *
 * @param seen the version that the change is based on; null where it does not matter
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`
 */
export async function lockProduct(
  transaction: Transaction,
  productId: string,
  seen: number | null,
): Promise<number> {
  const found = await row(transaction, LOCK, [productId]);
  assertThat(found, 'catalog.product_not_found');
  if (seen !== null && seen !== found.version)
    throw new AppError('catalog.product_changed', { version: found.version });
  return found.version;
}
