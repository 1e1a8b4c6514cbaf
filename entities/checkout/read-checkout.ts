import type { EntityManager } from 'typeorm';

import { ORDER_STATE, SELECT_ORDER_STATE, type OrderState } from '../orders/order-state';
import { integer, jsonObject, nullable } from '../row-shape';
import { row, statement } from '../sql';

/** What Postgres knows about a request to order: the order of an earlier identical request, and the present cart. */
export interface KnownCheckout {
  readonly order: OrderState | null;
  /** Null when there is no such cart. */
  readonly cartVersion: number | null;
}

const READ = statement<KnownCheckout>(
  `SELECT (SELECT version FROM carts WHERE id = $2) AS "cartVersion",
     (SELECT to_jsonb(state) FROM (${SELECT_ORDER_STATE} WHERE o.id = $1) AS state) AS "order"`,
  { order: nullable(jsonObject(ORDER_STATE)), cartVersion: nullable(integer) },
);

/** Reads both in one statement. */
export async function readCheckout(
  manager: EntityManager,
  orderId: string,
  cartId: string,
): Promise<KnownCheckout> {
  const known = await row(manager, READ, [orderId, cartId]);
  return known!;
}
