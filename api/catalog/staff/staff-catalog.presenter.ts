import { money } from '../../../entities/values/money';
import type { StaffProductsView, StaffProductView } from './staff-catalog.view';
import type { StaffProductRow, StaffProductSummaryRow, StaffVariantRow } from './staff-product.queries';

/** A product with all that staff may change. */
export function presentStaffProduct(
  { createdAt, updatedAt, ...product }: StaffProductRow,
  variants: readonly StaffVariantRow[],
): StaffProductView {
  return {
    ...product,
    variants: variants.map(({ price, priceNow, plannedPrices, ...variant }) => ({
      ...variant,
      price: money(price),
      priceNow: money(priceNow),
      plannedPrices: plannedPrices.map((planned) => ({
        id: planned.id,
        price: money(planned.price),
        startsAt: new Date(planned.startsAt).toISOString(),
        endsAt: new Date(planned.endsAt).toISOString(),
      })),
    })),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** A page of products without the keys by which they were sorted. */
export function presentStaffProducts(
  products: readonly StaffProductSummaryRow[],
  nextCursor: string | null,
): StaffProductsView {
  return {
    items: products.map(({ key: _key, createdAt, ...product }) => ({
      ...product,
      createdAt: createdAt.toISOString(),
    })),
    nextCursor,
  };
}
