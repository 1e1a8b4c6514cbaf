import type { LockedCart } from '../carts/lock-cart';
import { SELECT_CART_LINES, type PricedCartLine } from '../carts/price-cart';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { reserveStock } from '../inventory/reserve-stock';
import { DEFAULT_LOCATION_ID } from '../inventory/stock-location';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { attemptIdOf } from '../payments/attempt-id';
import { row, type Transaction } from '../sql';
import { lineTotal, rials, sum, type Money } from '../values/money';
import { settleFreeOrder } from './settle-free-order';

/** A buyer's request to order a cart as they saw it. */
export interface PlaceOrder {
  readonly orderId: string;
  readonly cartId: string;
  /** The version of the cart that the buyer saw. */
  readonly cartVersion: number;
  readonly requestDigest: string;
  /** A keyed hash of the asking address. */
  readonly clientKey: string;
  /** The total that the buyer saw, in rials. */
  readonly expectedTotal: number;
  readonly gateway: string;
  /** How long the gateway lets the first attempt be paid, in milliseconds. */
  readonly payableMs: number;
  /** How much longer than that the stock is held, in milliseconds. */
  readonly holdGraceMs: number;
  readonly unitsPerOrder: number;
  readonly openOrdersPerClient: number;
}

/** Amounts that a gateway takes, both inclusive, in rials. */
export interface AmountLimits {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Makes an order of a cart: freezes the prices, reserves the stock of all lines, opens the first payment attempt and says
 * so in the journal. A free order is settled at once.
 *
 * @throws AppError, leaving nothing behind: `checkout.order_open`, `checkout.cart_changed`, `cart.empty`,
 * `checkout.not_sellable`, `checkout.unit_limit`, `checkout.price_changed`, `checkout.amount_too_small`,
 * `checkout.amount_too_large`, `checkout.too_many_open_orders`, `checkout.out_of_stock`
 */
export async function placeOrder(
  transaction: Transaction,
  input: PlaceOrder,
  limits: AmountLimits,
): Promise<OrderState> {
  const cart = await lockBuyer(transaction, input);
  const { lines, openOrders } = await readOrderable(transaction, input);
  assertThat(!openOrders.ofCart, 'checkout.order_open', { orderId: openOrders.ofCart });
  assertThat(cart && cart.version === input.cartVersion, 'checkout.cart_changed');
  const total = assertOrderable(lines, input, limits);
  assertThat(openOrders.ofClient < input.openOrdersPerClient, 'checkout.too_many_open_orders', {
    limit: input.openOrdersPerClient,
  });

  const missing = await reserveStock(transaction, DEFAULT_LOCATION_ID, lines);
  assertThat(missing.length === 0, 'checkout.out_of_stock', {
    lines: lines
      .filter((line) => missing.includes(line.variantId))
      .map(({ variantId, sku, title, quantity }) => ({ variantId, sku, title, quantity })),
  });

  const order = await insertOrder(transaction, input, lines, total);
  await recordEvents(transaction, ORDER, input.orderId, {
    type: 'order.created',
    payload: {
      number: order.number,
      total,
      lines: lines.map((line) => ({
        sku: line.sku,
        title: line.title,
        quantity: line.quantity,
        unitPrice: rials(line.unitPrice),
      })),
      paymentDeadline: order.paymentDeadline.toISOString(),
    },
  });
  if (total.amount === 0) await settleFreeOrder(transaction, input.orderId);
  return requireOrderState(transaction, input.orderId);
}

/**
 * Locks the address and then the cart: two requests of one address wait for each other, so that neither overlooks the
 * other's open order. Rows are locked last, so whoever waits here for the address holds no cart. Of a cart that is not there
 * nothing may be locked, and the order is refused.
 */
async function lockBuyer(
  transaction: Transaction,
  { clientKey, cartId }: PlaceOrder,
): Promise<LockedCart | undefined> {
  return row<LockedCart>(
    transaction,
    `WITH client AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1, 0)))
     SELECT c.id, c.version FROM client CROSS JOIN carts c WHERE c.id = $2 FOR UPDATE OF c`,
    [`client:${clientKey}`, cartId],
  );
}

interface Orderable {
  readonly lines: readonly PricedCartLine[];
  readonly openOrders: { readonly ofCart: string | null; readonly ofClient: number };
}

/** In a statement of its own: it must see what those have done for whom the locks were waited. */
async function readOrderable(
  transaction: Transaction,
  { cartId, clientKey }: PlaceOrder,
): Promise<Orderable> {
  const request = await row<Orderable>(
    transaction,
    `SELECT (SELECT coalesce(json_agg(line ORDER BY line."variantId"), '[]') FROM (${SELECT_CART_LINES}) AS line) AS lines,
       json_build_object(
         'ofCart', (SELECT id FROM orders WHERE cart_id = $1 AND status = 'awaiting_payment'),
         'ofClient', (SELECT count(*) FROM orders WHERE client_key = $2 AND status = 'awaiting_payment')
       ) AS "openOrders"`,
    [cartId, clientKey],
  );
  return request!;
}

function assertOrderable(lines: readonly PricedCartLine[], input: PlaceOrder, limits: AmountLimits): Money {
  assertThat(lines.length > 0, 'cart.empty');
  const unsellable = lines.filter((line) => !line.sellable);
  assertThat(unsellable.length === 0, 'checkout.not_sellable', {
    lines: unsellable.map(({ variantId, sku, title }) => ({ variantId, sku, title })),
  });
  const units = lines.reduce((count, line) => count + line.quantity, 0);
  assertThat(units <= input.unitsPerOrder, 'checkout.unit_limit', { limit: input.unitsPerOrder, units });
  const total = rials(sum(lines.map((line) => lineTotal(line.unitPrice, line.quantity))));
  assertThat(total.amount === input.expectedTotal, 'checkout.price_changed', { total });
  if (total.amount > 0) {
    assertThat(total.amount >= limits.minimum, 'checkout.amount_too_small', {
      minimum: rials(limits.minimum),
    });
    assertThat(total.amount <= limits.maximum, 'checkout.amount_too_large', {
      maximum: rials(limits.maximum),
    });
  }
  return total;
}

async function insertOrder(
  transaction: Transaction,
  input: PlaceOrder,
  lines: readonly PricedCartLine[],
  total: Money,
): Promise<{ number: number; paymentDeadline: Date }> {
  const order = await row<{ number: number; paymentDeadline: Date }>(
    transaction,
    `WITH placed AS (
       INSERT INTO orders (id, cart_id, request_digest, client_key, status, payment_status, total, currency, payment_deadline)
       VALUES ($1::uuid, $2, $3, $4, 'awaiting_payment', 'unpaid', $5, $6,
         now() + ($7::bigint + $8::bigint) * interval '1 millisecond')
       RETURNING id, number, payment_deadline
     ), attempt AS (
       INSERT INTO payment_attempts (id, order_id, gateway, status, amount, currency, payable_until)
       SELECT $9::uuid, id, $10, $11, $5, $6, now() + $7::bigint * interval '1 millisecond' FROM placed
     ), lines AS (
       INSERT INTO order_lines (order_id, variant_id, sku, title, quantity, unit_price)
       SELECT placed.id, l."variantId", l.sku, l.title, l.quantity, l."unitPrice"
       FROM placed, jsonb_to_recordset($12::jsonb)
         AS l("variantId" uuid, sku varchar, title varchar, quantity integer, "unitPrice" bigint)
       RETURNING order_id, variant_id, quantity
     ), held AS (
       INSERT INTO reservations (order_id, variant_id, location_id, quantity, state)
       SELECT order_id, variant_id, $13, quantity, 'held' FROM lines
     )
     SELECT number, payment_deadline AS "paymentDeadline" FROM placed`,
    [
      input.orderId,
      input.cartId,
      input.requestDigest,
      input.clientKey,
      total.amount,
      total.currency,
      input.payableMs,
      input.holdGraceMs,
      attemptIdOf(input.orderId, 'first'),
      total.amount === 0 ? 'none' : input.gateway,
      total.amount === 0 ? 'verifying' : 'requesting',
      JSON.stringify(lines),
      DEFAULT_LOCATION_ID,
    ],
  );
  return order!;
}
