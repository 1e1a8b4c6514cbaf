import type { PricedCartLine } from '../carts/price-cart';
import { RECIPIENT_COLUMNS } from '../customers/recipient-columns';
import type { Allocation } from '../inventory/plan-allocation';
import { attemptIdOf } from '../payments/attempt-id';
import { instant, integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { Money } from '../values/money';

/** What an order is inserted with. */
export interface NewOrder {
  readonly orderId: string;
  readonly cartId: string;
  readonly requestDigest: string;
  readonly askedBy: string;
  readonly clientKey: string;
  readonly delivers: boolean;
  readonly gateway: string;
  /** How long the gateway accepts the payment of the first attempt, in milliseconds. */
  readonly payableMs: number;
  /** How much longer the stock is held, in milliseconds. */
  readonly holdGraceMs: number;
}

/** What the database gave the order. */
export interface InsertedOrder {
  readonly number: number;
  readonly paymentDeadline: Date;
}

const INSERT = statement<InsertedOrder>(
  `WITH placed AS (
     INSERT INTO orders (id, cart_id, customer_id, request_digest, asked_by, client_key, delivers, status, payment_status, total, currency,
       payment_deadline)
     VALUES ($1::uuid, $2::uuid, (SELECT customer_id FROM carts WHERE id = $2), $3, $14, $4, $15, 'awaiting_payment', 'unpaid', $5, $6,
       now() + ($7::bigint + $8::bigint) * interval '1 millisecond')
     RETURNING id, number, payment_deadline
   ), recipient AS (
     INSERT INTO order_recipients (order_id, ${RECIPIENT_COLUMNS})
     SELECT placed.id, ${RECIPIENT_COLUMNS} FROM placed, cart_recipients WHERE cart_id = $2
   ), attempt AS (
     INSERT INTO payment_attempts (id, order_id, gateway, status, amount, currency, payable_until)
     SELECT $9::uuid, id, $10, $11, $5, $6, now() + $7::bigint * interval '1 millisecond' FROM placed
   ), lines AS (
     INSERT INTO order_lines (order_id, variant_id, sku, title, quantity, unit_price)
     SELECT placed.id, l."variantId", l.sku, l.title, l.quantity, l."unitPrice"
     FROM placed, jsonb_to_recordset($12::jsonb)
       AS l("variantId" uuid, sku varchar, title varchar, quantity integer, "unitPrice" bigint)
   ), held AS (
     INSERT INTO reservations (order_id, variant_id, location_id, quantity, state)
     SELECT placed.id, taken."variantId", taken."locationId", taken.quantity, 'held'
     FROM placed, jsonb_to_recordset($13::jsonb) AS taken("variantId" uuid, "locationId" uuid, quantity integer)
   )
   SELECT number, payment_deadline AS "paymentDeadline" FROM placed`,
  { number: integer, paymentDeadline: instant },
);

/** The goods of an order, and where they are held. */
export interface OrderedGoods {
  readonly lines: readonly PricedCartLine[];
  readonly allocations: readonly Allocation[];
  readonly total: Money;
}

/** Inserts the order with its lines, a copy of the cart's recipient, held reservations and first payment attempt, in one statement. */
export async function insertOrder(
  transaction: Transaction,
  input: NewOrder,
  { lines, allocations, total }: OrderedGoods,
): Promise<InsertedOrder> {
  const order = await row(transaction, INSERT, [
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
    JSON.stringify(allocations),
    input.askedBy,
    input.delivers,
  ]);
  return order!;
}
