import { orderRefusal, stockRefusal, type OrderTerms } from '../../entities/checkout/order-refusal';
import type { AppError } from '../../entities/errors';
import { SHOWN_UNITS } from '../../entities/inventory/variant-availability';
import { lineTotal, money, sum } from '../../entities/values/money';
import { pictureUrl } from '../pictures/picture.presenter';
import type { CartLineRow, CartRow } from './cart.queries';
import type { CartChangeView, CartLineView, CartView } from './cart.view';

/** What a cart is shown and judged by. */
export interface CartTerms extends OrderTerms {
  /** What a line may hold. Higher stock is not disclosed. */
  readonly unitsPerLine: number;
  /** Where the shop's pictures are. */
  readonly publicUrl: string;
}

export function presentCart({ version, recipient, lines, updatedAt }: CartRow, terms: CartTerms): CartView {
  const shown = lines.map((line) => presentLine(line, terms));
  const refusal = refusalOf({ lines, hasRecipient: recipient !== null }, terms);
  return {
    version,
    lines: shown,
    units: sum(lines.filter(({ sellable }) => sellable).map(({ quantity }) => quantity)),
    total: money(sum(shown.map(({ total }) => total.amount))),
    recipient,
    changes: lines.flatMap(changesOf),
    orderable: refusal === undefined,
    refusal: refusal?.code ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}

function refusalOf(
  { lines, hasRecipient }: { readonly lines: readonly CartLineRow[]; readonly hasRecipient: boolean },
  terms: OrderTerms,
): AppError | undefined {
  const judged = lines.map((line) => ({ ...line, title: line.variantTitle }));
  const lacking = new Set(
    lines.filter(({ available, quantity }) => available < quantity).map(({ sku }) => sku),
  );
  return (
    orderRefusal({ lines: judged, hasRecipient }, terms) ??
    stockRefusal(judged, ({ sku }) => lacking.has(sku))
  );
}

function presentLine(line: CartLineRow, { unitsPerLine, publicUrl }: CartTerms): CartLineView {
  return {
    variantId: line.variantId,
    sku: line.sku,
    title: line.variantTitle,
    product: { slug: line.productSlug, title: line.productTitle },
    imageUrl: pictureUrl(publicUrl, line.imageUrl),
    quantity: line.quantity,
    unitPrice: money(line.unitPrice),
    total: money(line.sellable ? lineTotal(line.unitPrice, line.quantity) : 0),
    sellable: line.sellable,
    available: line.sellable ? Math.min(line.available, unitsPerLine, SHOWN_UNITS) : 0,
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
