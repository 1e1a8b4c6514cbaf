import { lineTotal, money, sum } from '../../entities/values/money';
import type { CartLineRow, CartRow } from './cart.queries';
import type { CartChangeView, CartLineView, CartView } from './cart.view';

/** @param unitsPerLine what a line may hold: higher stock is not disclosed */
export function presentCart({ version, lines, updatedAt }: CartRow, unitsPerLine: number): CartView {
  const shown = lines.map((line) => presentLine(line, unitsPerLine));
  const changes = lines.flatMap(changesOf);
  return {
    version,
    lines: shown,
    units: sum(lines.filter(({ sellable }) => sellable).map(({ quantity }) => quantity)),
    total: money(sum(shown.map(({ total }) => total.amount))),
    changes,
    orderable: lines.length > 0 && changes.every(({ kind }) => kind === 'price'),
    updatedAt: updatedAt.toISOString(),
  };
}

function presentLine(line: CartLineRow, unitsPerLine: number): CartLineView {
  return {
    variantId: line.variantId,
    sku: line.sku,
    title: line.variantTitle,
    product: { slug: line.productSlug, title: line.productTitle },
    imageUrl: line.imageUrl,
    quantity: line.quantity,
    unitPrice: money(line.unitPrice),
    total: money(line.sellable ? lineTotal(line.unitPrice, line.quantity) : 0),
    sellable: line.sellable,
    available: line.sellable ? Math.min(line.available, unitsPerLine) : 0,
  };
}

/** A variant that is no longer for sale has no other changes. */
function changesOf(line: CartLineRow): CartChangeView[] {
  const { variantId, quantity, unitPrice, seenPrice, sellable, available } = line;
  if (!sellable) return [{ variantId, kind: 'not_sellable', was: quantity, is: 0 }];
  return [
    ...(unitPrice === seenPrice
      ? []
      : [{ variantId, kind: 'price', was: seenPrice, is: unitPrice } as const]),
    ...(available >= quantity
      ? []
      : [{ variantId, kind: 'availability', was: quantity, is: available } as const]),
  ];
}
