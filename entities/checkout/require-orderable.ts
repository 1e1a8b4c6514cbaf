import { AppError, assertThat } from '../errors';
import { lineTotal, money, sum, type Money } from '../values/money';
import type { AmountLimits } from './amount-limits';
import { orderRefusal } from './order-refusal';
import type { Orderable } from './read-orderable';

/** What the rows say about a cart and its buyer. */
export interface CartToOrder extends Orderable {
  /** Null when there is no such cart. */
  readonly cartVersion: number | null;
}

/** What is asked for, and the caps on it. */
export interface OrderDemand {
  /** The version of the cart that the buyer saw. */
  readonly cartVersion: number;
  /** The total that the buyer saw, in rials. */
  readonly expectedTotal: number;
  readonly unitsPerOrder: number;
  /** Whether the shop delivers, so that the order needs a recipient. */
  readonly delivers: boolean;
  readonly openOrdersPerClient: number;
  /** The most units of a variant that the open orders of one client may hold. */
  readonly heldUnitsPerClient: number;
}

/**
 * The total of an order of this cart, whether or not there is stock for it.
 *
 * @throws AppError the refusals of `placeOrder` but `checkout.out_of_stock`
 */
export function requireOrderable(
  { cartVersion, lines, hasRecipient, openOrders, held }: CartToOrder,
  demand: OrderDemand,
  limits: AmountLimits,
): Money {
  if (openOrders.ofCart) throw new AppError('checkout.order_open', { orderId: openOrders.ofCart });
  assertThat(cartVersion === demand.cartVersion, 'checkout.cart_changed');
  const { unitsPerOrder, delivers } = demand;
  const refusal = orderRefusal({ lines, hasRecipient }, { unitsPerOrder, delivers, limits });
  if (refusal) throw refusal;
  const total = money(sum(lines.map((line) => lineTotal(line.unitPrice, line.quantity))));
  assertThat(total.amount === demand.expectedTotal, 'checkout.price_changed', { total });
  assertThat(openOrders.ofClient < demand.openOrdersPerClient, 'checkout.too_many_open_orders', {
    limit: demand.openOrdersPerClient,
    nextEndsAt: openOrders.nextEndsAt === null ? null : new Date(openOrders.nextEndsAt).toISOString(),
  });
  const limit = demand.heldUnitsPerClient;
  const heldOf = new Map(held.map(({ variantId, units }) => [variantId, units]));
  const scarce = lines.filter(({ variantId, quantity }) => (heldOf.get(variantId) ?? 0) + quantity > limit);
  if (scarce.length > 0) {
    throw new AppError('checkout.held_limit', {
      limit,
      lines: scarce.map(({ variantId, sku, title }) => ({ variantId, sku, title })),
    });
  }
  return total;
}
