import type { PricedCartLine } from '../carts/price-cart';
import { AppError } from '../errors';
import { SHOP_CURRENCY } from '../values/money';
import { amountRefusal, type AmountLimits } from './amount-limits';

/** What an order is made of. */
export interface OrderContent {
  readonly lines: readonly PricedCartLine[];
  readonly hasRecipient: boolean;
}

/** What every order must keep to. */
export interface OrderTerms {
  readonly unitsPerOrder: number;
  /** Whether the shop delivers, so that an order needs a recipient. */
  readonly delivers: boolean;
  /** What the gateway takes. */
  readonly limits: AmountLimits;
}

/**
 * Why a cart with this content cannot be ordered as it is; undefined when they can. Checkout refuses with it, and the cart says with it
 * whether it is orderable, so the two cannot differ.
 */
export function orderRefusal(
  { lines, hasRecipient }: OrderContent,
  { unitsPerOrder, delivers, limits }: OrderTerms,
): AppError | undefined {
  if (lines.length === 0) return new AppError('cart.empty');
  const unsellable = lines.filter((line) => !line.sellable);
  if (unsellable.length > 0) {
    return new AppError('checkout.not_sellable', {
      lines: unsellable.map(({ variantId, sku, title }) => ({ variantId, sku, title })),
    });
  }
  const units = lines.reduce((count, { quantity }) => count + quantity, 0);
  if (units > unitsPerOrder) return new AppError('checkout.unit_limit', { limit: unitsPerOrder, units });
  // Beyond the safe integers this is not exact. It is above every limit then, and refused before it becomes money.
  const amount = lines.reduce((total, { unitPrice, quantity }) => total + unitPrice * quantity, 0);
  const refusal = amount === 0 ? undefined : amountRefusal({ amount, currency: SHOP_CURRENCY }, limits);
  if (refusal) return refusal;
  return delivers && !hasRecipient ? new AppError('checkout.recipient_missing') : undefined;
}

/** The refusal of lines without enough stock; undefined when there is enough of each. */
export function stockRefusal<Line extends PricedCartLine>(
  lines: readonly Line[],
  isMissing: (line: Line) => boolean,
): AppError | undefined {
  const missing = lines.filter(isMissing);
  if (missing.length === 0) return undefined;
  return new AppError('checkout.out_of_stock', {
    lines: missing.map(({ variantId, sku, title, quantity }) => ({ variantId, sku, title, quantity })),
  });
}
