import type { DataSource, EntityManager } from 'typeorm';

import { assertThat } from '../../../entities/errors';
import type { Transaction } from '../../../entities/sql';
import type { Actor } from '../../../entities/staff/audited';
import { withTransaction } from '../../../platform/transaction';
import { versionTag } from '../../middleware/if-match';
import { actorOf, type Acting } from '../../staff/acting';
import { presentStaffProduct } from './staff-catalog.presenter';
import type { StaffProductView } from './staff-catalog.view';
import { readStaffProduct } from './staff-product.queries';

/** A product with its version as the tag that the next change names. */
interface ShownProduct {
  readonly headers: { readonly ETag: string };
  readonly body: StaffProductView;
}

/** @throws AppError `catalog.product_not_found` */
export async function showProduct(manager: EntityManager, productId: string): Promise<ShownProduct> {
  const found = await readStaffProduct(manager, productId);
  assertThat(found, 'catalog.product_not_found');
  const { product, variants } = found;
  return {
    headers: { ETag: versionTag(product.version) },
    body: presentStaffProduct(product, variants),
  };
}

/**
 * Runs a change of a product and shows the product as it left it.
 *
 * @param work returns the id of the product
 */
export function changeOfProduct(
  database: DataSource,
  acting: Acting,
  work: (transaction: Transaction, actor: Actor) => Promise<string>,
): Promise<ShownProduct> {
  return withTransaction(database, async (transaction) =>
    showProduct(transaction, await work(transaction, actorOf(acting))),
  );
}
