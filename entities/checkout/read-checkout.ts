import type { EntityManager } from 'typeorm';

import { PRICED_CART_LINE, SELECT_CART_LINES, type PricedCartLine } from '../carts/price-cart';
import { freeUnits } from '../inventory/free-units';
import { ORDER_STATE, SELECT_ORDER_STATE, type OrderState } from '../orders/order-state';
import { boolean, integer, jsonList, jsonObject, nullable, uuid } from '../row-shape';
import { row, statement } from '../sql';
import {
  HAS_RECIPIENT,
  HELD,
  OPEN_ORDERS,
  SELECT_HELD,
  SELECT_OPEN_ORDERS,
  type Buyer,
} from './read-orderable';
import type { CartToOrder } from './require-orderable';

/** What Postgres knows about a request to order: the order of an earlier identical request, and what may be ordered now. */
export interface KnownCheckout extends CartToOrder {
  readonly order: OrderState | null;
  /** Whose cart it is; null for a guest's. */
  readonly customerId: string | null;
  readonly lines: readonly StockedCartLine[];
}

/** A line of a cart, and how many units are in stock. */
export interface StockedCartLine extends PricedCartLine {
  readonly available: number;
}

const READ = statement<KnownCheckout>(
  `SELECT (SELECT version FROM carts WHERE id = $1) AS "cartVersion",
     (SELECT customer_id FROM carts WHERE id = $1) AS "customerId",
     (SELECT to_jsonb(state) FROM (${SELECT_ORDER_STATE} WHERE o.id = $3) AS state) AS "order",
     (SELECT coalesce(json_agg(to_jsonb(line) || jsonb_build_object('available', ${freeUnits('line."variantId"')})), '[]')
      FROM (${SELECT_CART_LINES}) AS line) AS lines,
     ${HAS_RECIPIENT} AS "hasRecipient",
     ${SELECT_OPEN_ORDERS} AS "openOrders",
     ${SELECT_HELD} AS held`,
  {
    order: nullable(jsonObject(ORDER_STATE)),
    cartVersion: nullable(integer),
    customerId: nullable(uuid),
    lines: jsonList(jsonObject({ ...PRICED_CART_LINE, available: integer })),
    hasRecipient: boolean,
    openOrders: jsonObject(OPEN_ORDERS),
    held: HELD,
  },
);

/** Reads all in one statement: where it knows no order, nothing that it says comes from that order. */
export async function readCheckout(
  manager: EntityManager,
  orderId: string,
  { cartId, clientKey }: Buyer,
): Promise<KnownCheckout> {
  const known = await row(manager, READ, [cartId, clientKey, orderId]);
  return known!;
}
