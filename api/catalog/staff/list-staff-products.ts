import type { EntityManager } from 'typeorm';

import { assertThat } from '../../../entities/errors';
import { readCategoryTree } from '../category.queries';
import { readCursor, writeCursor } from '../cursor';
import { searchTerms } from '../search-terms';
import type { StaffProductsQuery } from './products.input';
import { presentStaffProducts } from './staff-catalog.presenter';
import type { StaffProductsView } from './staff-catalog.view';
import { readStaffProducts } from './staff-product.queries';

/** The page of products for a query, in at most two statements: the categories, then the products. */
export async function listStaffProducts(
  manager: EntityManager,
  { q, status, category, limit, cursor }: StaffProductsQuery,
): Promise<StaffProductsView> {
  const list = { for: 'staff', q, status, category };
  const after = cursor === undefined ? undefined : readCursor(list, cursor);
  const categoryIds = category === undefined ? undefined : await readCategoryTree(manager, category);
  assertThat(categoryIds?.length !== 0, 'catalog.category_not_found');
  const search = q === undefined ? undefined : searchTerms(q);
  if (q !== undefined && !search) return presentStaffProducts([], null);

  const found = await readStaffProducts(manager, { categoryIds, status, search, limit, after });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return presentStaffProducts(page, last ? writeCursor(list, last) : null);
}
