import type { LockedCart } from '../carts/lock-cart';
import { PRICED_CART_LINE, SELECT_CART_LINES, type PricedCartLine } from '../carts/price-cart';
import { SELLING_LOCATIONS } from '../inventory/selling-locations';
import { MILLISECONDS } from '../orders/order-state';
import {
  boolean,
  integer,
  jsonList,
  jsonObject,
  nullable,
  uuid,
  type Column,
  type RowShape,
} from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** Orders that stand in the way of another. */
export interface OpenOrders {
  /** The open order of the cart. */
  readonly ofCart: string | null;
  /** How many open orders the customer has. Of a guest: how many orders of guests the client's address has. */
  readonly ofClient: number;
  /** When the first of them meets its payment deadline, in milliseconds since 1970. */
  readonly nextEndsAt: number | null;
}

/** Who orders which cart. */
export interface Buyer {
  readonly cartId: string;
  /** A keyed hash of the client's address. */
  readonly clientKey: string;
}

/** Units of a variant that the open orders of a buyer hold. */
export interface HeldUnits {
  readonly variantId: string;
  readonly units: number;
}

/** The cart's lines, and the open orders that stand in the way of another. */
export interface Orderable {
  readonly lines: readonly PricedCartLine[];
  readonly hasRecipient: boolean;
  readonly openOrders: OpenOrders;
  /** Of the cart's variants alone. */
  readonly held: readonly HeldUnits[];
}

/** An {@link Orderable}, and where its goods may be taken. */
export interface OrderableWithLocations extends Orderable {
  /** The locations that sell, the preferred one first. */
  readonly sellingLocations: readonly string[];
}

const LOCK_BUYER = statement<LockedCart>(
  `WITH buyer AS MATERIALIZED (
     SELECT customer_id FROM carts WHERE id = $2
   ), client AS MATERIALIZED (
     SELECT customer_id, pg_advisory_xact_lock(hashtextextended(coalesce('customer:' || customer_id, 'client:' || $1), 0))
     FROM buyer
   ), account AS MATERIALIZED (
     SELECT a.id FROM client JOIN accounts a ON a.id = client.customer_id FOR KEY SHARE OF a
   )
   SELECT c.id, c.version, c.customer_id AS "customerId"
   FROM client LEFT JOIN account ON true
     JOIN carts c ON c.id = $2 AND c.customer_id IS NOT DISTINCT FROM client.customer_id
   FOR UPDATE OF c`,
  { id: uuid, version: integer, customerId: nullable(uuid) },
);

const BUYER = '(SELECT (SELECT customer_id FROM carts WHERE id = $1)) AS buyer (customer_id)';
const OPEN_ORDERS_OF_BUYER = `(
         SELECT id, payment_deadline FROM orders
         WHERE buyer.customer_id IS NULL AND client_key = $2 AND customer_id IS NULL AND status = 'awaiting_payment'
         UNION ALL
         SELECT id, payment_deadline FROM orders WHERE customer_id = buyer.customer_id AND status = 'awaiting_payment'
       ) AS open`;

/**
 * The open orders of the cart `$1` and its customer, or of the guests at the address `$2`, as JSON. People behind one address
 * do not use up each other's share once they have signed in.
 */
export const SELECT_OPEN_ORDERS = `(SELECT json_build_object(
       'ofCart', (SELECT id FROM orders WHERE cart_id = $1 AND status = 'awaiting_payment'),
       'ofClient', count(open.payment_deadline), 'nextEndsAt', ${MILLISECONDS('min(open.payment_deadline)')})
     FROM ${BUYER} LEFT JOIN LATERAL ${OPEN_ORDERS_OF_BUYER} ON true)`;

/** The units of the cart's variants that those open orders hold, as JSON. */
export const SELECT_HELD = `(SELECT coalesce(json_agg(held), '[]') FROM (
       SELECT r.variant_id AS "variantId", sum(r.quantity)::integer AS units
       FROM ${BUYER} CROSS JOIN LATERAL ${OPEN_ORDERS_OF_BUYER}
         JOIN reservations r ON r.held_order_id = open.id
         JOIN cart_lines l ON l.cart_id = $1 AND l.variant_id = r.variant_id
       GROUP BY r.variant_id) AS held)`;

/** Whether the cart `$1` says who gets the goods. */
export const HAS_RECIPIENT = 'EXISTS (SELECT 1 FROM cart_recipients WHERE cart_id = $1)';

export const OPEN_ORDERS: RowShape<OpenOrders> = {
  ofCart: nullable(uuid),
  ofClient: integer,
  nextEndsAt: nullable(integer),
};

export const HELD: Column<HeldUnits[]> = jsonList(jsonObject<HeldUnits>({ variantId: uuid, units: integer }));

const READ_ORDERABLE = statement<OrderableWithLocations>(
  `SELECT (SELECT coalesce(json_agg(line ORDER BY line."variantId"), '[]') FROM (${SELECT_CART_LINES}) AS line) AS lines,
     ${HAS_RECIPIENT} AS "hasRecipient",
     ${SELECT_OPEN_ORDERS} AS "openOrders",
     ${SELECT_HELD} AS held,
     ${SELLING_LOCATIONS} AS "sellingLocations"`,
  {
    lines: jsonList(jsonObject(PRICED_CART_LINE)),
    hasRecipient: boolean,
    openOrders: jsonObject(OPEN_ORDERS),
    held: HELD,
    sellingLocations: jsonList(uuid),
  },
);

/**
 * Locks the customer, or a guest's address, then the account and the cart. Two requests of one buyer wait for each other, so that
 * neither overlooks the other's open order. Rows are locked last, so a transaction that waits here for the buyer holds no cart.
 * Nothing may be locked when there is no such cart or it was joined meanwhile, and the order is refused. The account stays as
 * it is until the end, so an erasure comes before the order or finds it.
 */
export async function lockBuyer(
  transaction: Transaction,
  { clientKey, cartId }: Buyer,
): Promise<LockedCart | undefined> {
  return row(transaction, LOCK_BUYER, [clientKey, cartId]);
}

/** Reads them in a statement of its own, so that it sees what the transactions before it have done. */
export async function readOrderable(
  transaction: Transaction,
  { cartId, clientKey }: Buyer,
): Promise<OrderableWithLocations> {
  const request = await row(transaction, READ_ORDERABLE, [cartId, clientKey]);
  return request!;
}
