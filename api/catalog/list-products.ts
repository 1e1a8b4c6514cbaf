import type { EntityManager } from 'typeorm';

import { assertThat } from '../../entities/errors';
import { invalidRequest } from '../../entities/problem';
import type { ProductsQuery } from './catalog.input';
import { presentList, type Showing } from './catalog.presenter';
import type { ProductListView } from './catalog.view';
import { readCategoryTree } from './category.queries';
import { readCursor, writeCursor } from './cursor';
import { nextPlannedInstant } from './listed-prices';
import { readProducts } from './product-list.queries';
import { searchProducts, type FoundProductRow } from './product-search.queries';
import { searchTerms } from './search-terms';

/** A page of products, and when one of its prices changes next by plan. */
export interface ListedPage {
  readonly page: ProductListView;
  readonly until: Date | undefined;
}

/** The page of products for a query, in at most two statements: the categories, then the products. */
export async function listProducts(
  manager: EntityManager,
  query: ProductsQuery,
  showing: Showing,
): Promise<ListedPage> {
  const { q, category, minPrice, maxPrice, inStock, limit, cursor } = query;
  const sort = query.sort ?? (q === undefined ? 'newest' : 'best');
  const list = { q, category, minPrice, maxPrice, inStock, sort };
  const after = cursor === undefined ? undefined : readCursor(list, cursor);
  const categoryIds = category === undefined ? undefined : await readCategoryTree(manager, category);
  assertThat(categoryIds?.length !== 0, 'catalog.category_not_found');

  const filter = { categoryIds, minPrice, maxPrice, inStock, limit, after };
  const found = await (q === undefined
    ? browse(manager, { ...filter, sort })
    : search(manager, { ...filter, sort }, q));
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const match = page[0]?.similar ? 'similar' : 'exact';
  return {
    page: presentList(page, last ? writeCursor(list, last) : null, match, showing),
    until: nextPlannedInstant(page),
  };
}

type Filter = Omit<Parameters<typeof searchProducts>[1], 'search'>;

async function browse(manager: EntityManager, { sort, ...filter }: Filter): Promise<FoundProductRow[]> {
  if (sort === 'best') {
    throw invalidRequest([{ in: 'query', field: 'sort', rule: 'bestNeedsSearch', detail: 'best needs q' }]);
  }
  const products = await readProducts(manager, { ...filter, search: undefined, sort });
  return products.map((product) => ({ ...product, similar: false }));
}

async function search(manager: EntityManager, filter: Filter, q: string): Promise<FoundProductRow[]> {
  const terms = searchTerms(q);
  return terms ? searchProducts(manager, { ...filter, search: terms }) : [];
}
