import type { LockedCart } from '../carts/lock-cart';
import { PRICED_CART_LINE, SELECT_CART_LINES, type PricedCartLine } from '../carts/price-cart';
import { MILLISECONDS } from '../orders/order-state';
import { integer, jsonList, jsonObject, nullable, uuid, type RowShape } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** Orders that stand in the way of another. */
export interface OpenOrders {
  /** The open order of the cart. */
  readonly ofCart: string | null;
  /** How many open orders the client has. */
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

/** The cart's lines and the open orders that stand in the way of another. */
export interface Orderable {
  readonly lines: readonly PricedCartLine[];
  readonly openOrders: OpenOrders;
}

const LOCK_BUYER = statement<LockedCart>(
  `WITH client AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1, 0)))
   SELECT c.id, c.version FROM client CROSS JOIN carts c WHERE c.id = $2 FOR UPDATE OF c`,
  { id: uuid, version: integer },
);

/** The open orders of the cart `$1` and the client `$2`, as JSON. */
export const SELECT_OPEN_ORDERS = `json_build_object(
       'ofCart', (SELECT id FROM orders WHERE cart_id = $1 AND status = 'awaiting_payment'),
       'ofClient', (SELECT count(*) FROM orders WHERE client_key = $2 AND status = 'awaiting_payment'),
       'nextEndsAt', (SELECT ${MILLISECONDS('min(payment_deadline)')} FROM orders WHERE client_key = $2 AND status = 'awaiting_payment')
     )`;

export const OPEN_ORDERS: RowShape<OpenOrders> = {
  ofCart: nullable(uuid),
  ofClient: integer,
  nextEndsAt: nullable(integer),
};

const READ_ORDERABLE = statement<Orderable>(
  `SELECT (SELECT coalesce(json_agg(line ORDER BY line."variantId"), '[]') FROM (${SELECT_CART_LINES}) AS line) AS lines,
     ${SELECT_OPEN_ORDERS} AS "openOrders"`,
  {
    lines: jsonList(jsonObject(PRICED_CART_LINE)),
    openOrders: jsonObject(OPEN_ORDERS),
  },
);

/**
 * Locks the address, then the cart. Two requests of one address wait for each other, so that neither overlooks the other's
 * open order. Rows are locked last, so a transaction that waits here for the address holds no cart. Without such a cart
 * nothing may be locked, and the order is refused.
 */
export async function lockBuyer(
  transaction: Transaction,
  { clientKey, cartId }: Buyer,
): Promise<LockedCart | undefined> {
  return row(transaction, LOCK_BUYER, [`client:${clientKey}`, cartId]);
}

/** Reads them in a statement of its own, so that it sees what the transactions before it have done. */
export async function readOrderable(
  transaction: Transaction,
  { cartId, clientKey }: Buyer,
): Promise<Orderable> {
  const request = await row(transaction, READ_ORDERABLE, [cartId, clientKey]);
  return request!;
}
