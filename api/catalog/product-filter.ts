import type { ProductSort } from './catalog.input';
import type { Position } from './cursor';
import type { SearchTerms } from './search-terms';

/** Which page of which list of products. */
export interface ProductFilter {
  /** The ids of a category and of all its subcategories; undefined for the whole shop. */
  readonly categoryIds: readonly string[] | undefined;
  readonly minPrice: number | undefined;
  readonly maxPrice: number | undefined;
  /** Whether to leave out products that are out of stock. */
  readonly inStock: boolean | undefined;
  readonly search: SearchTerms | undefined;
  readonly sort: ProductSort;
  /** How many products. */
  readonly limit: number;
  /** Where the previous page ended. */
  readonly after: Position | undefined;
}

/** Collects the values of a statement and gives each its `$n`. */
export class StatementValues {
  readonly list: unknown[] = [];

  /** The place holder of a value. */
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** The conditions on `product_listings l`, for a WHERE clause. */
export function listingConditions(filter: ProductFilter, values: StatementValues): string[] {
  const { categoryIds, minPrice, maxPrice, inStock } = filter;
  return [
    ...(categoryIds ? [`l.category_id = ANY (${values.add(categoryIds)}::uuid[])`] : []),
    ...(minPrice === undefined ? [] : [`l.price_from >= ${values.add(minPrice)}`]),
    ...(maxPrice === undefined ? [] : [`l.price_from <= ${values.add(maxPrice)}`]),
    // Not a parameter, so that the planner sees that the partial indexes fit.
    ...(inStock ? ['l.in_stock'] : []),
  ];
}
