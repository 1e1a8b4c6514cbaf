import { recordEvents } from '../events/record-events';
import { reserveStock } from '../inventory/reserve-stock';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import type { Transaction } from '../sql';
import { money } from '../values/money';
import type { AmountLimits } from './amount-limits';
import { insertOrder } from './insert-order';
import { stockRefusal } from './order-refusal';
import { lockBuyer, readOrderable } from './read-orderable';
import { requireOrderable } from './require-orderable';
import { settleFreeOrder } from './settle-order';

/** A buyer's request to order a cart as they saw it. */
export interface PlaceOrder {
  readonly orderId: string;
  readonly cartId: string;
  /** The version of the cart that the buyer saw. */
  readonly cartVersion: number;
  readonly requestDigest: string;
  /** Names this very request, which alone is told that it placed the order. */
  readonly askedBy: string;
  /** A keyed hash of the client's address. */
  readonly clientKey: string;
  /** The total that the buyer saw, in rials. */
  readonly expectedTotal: number;
  readonly gateway: string;
  /** How long the gateway accepts the payment of the first attempt, in milliseconds. */
  readonly payableMs: number;
  /** How much longer the stock is held, in milliseconds. */
  readonly holdGraceMs: number;
  readonly unitsPerOrder: number;
  /** Whether the shop delivers, so that the order needs a recipient. */
  readonly delivers: boolean;
  readonly openOrdersPerClient: number;
  /** The most units of a variant that the open orders of one client may hold. */
  readonly heldUnitsPerClient: number;
}

/**
 * Makes an order of a cart, for the cart's customer and recipient. It freezes the prices, reserves the stock of all lines, makes the first payment attempt and records
 * the event. A free order is settled at once.
 *
 * @throws AppError, leaving nothing behind: `checkout.order_open`, `checkout.cart_changed`, `cart.empty`,
 * `checkout.not_sellable`, `checkout.unit_limit`, `checkout.amount_too_small`, `checkout.amount_too_large`,
 * `checkout.recipient_missing`, `checkout.price_changed`, `checkout.too_many_open_orders`, `checkout.held_limit`,
 * `checkout.out_of_stock`
 */
export async function placeOrder(
  transaction: Transaction,
  input: PlaceOrder,
  limits: AmountLimits,
): Promise<OrderState> {
  const cart = await lockBuyer(transaction, input);
  const orderable = await readOrderable(transaction, input);
  const total = requireOrderable({ cartVersion: cart?.version ?? null, ...orderable }, input, limits);
  const { lines, sellingLocations } = orderable;

  const { allocations, missing } = await reserveStock(transaction, sellingLocations, lines);
  if (!allocations) throw stockRefusal(lines, ({ variantId }) => missing.includes(variantId))!;

  const order = await insertOrder(transaction, input, { lines, allocations, total });
  await recordEvents(transaction, ORDER, input.orderId, {
    type: 'order.created',
    payload: {
      number: order.number,
      total,
      lines: lines.map((line) => ({
        sku: line.sku,
        title: line.title,
        quantity: line.quantity,
        unitPrice: money(line.unitPrice),
      })),
      paymentDeadline: order.paymentDeadline.toISOString(),
    },
  });
  if (total.amount === 0) await settleFreeOrder(transaction, input.orderId);
  return requireOrderState(transaction, input.orderId);
}
