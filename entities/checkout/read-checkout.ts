import type { EntityManager } from 'typeorm';

import { SELECT_ORDER_STATE, type OrderState } from '../orders/order-state';
import { row } from '../sql';

/** What Postgres knows about a request to order: whether it was granted before, and how the cart stands. */
export interface KnownCheckout {
  readonly order: OrderState | null;
  /** Null when there is no such cart. */
  readonly cartVersion: number | null;
}

/** Reads both in one statement. */
export async function readCheckout(
  manager: EntityManager,
  orderId: string,
  cartId: string,
): Promise<KnownCheckout> {
  const known = await row<KnownCheckout>(
    manager,
    `SELECT (SELECT version FROM carts WHERE id = $2) AS "cartVersion",
       (SELECT to_jsonb(state) FROM (${SELECT_ORDER_STATE} WHERE o.id = $1) AS state) AS "order"`,
    [orderId, cartId],
  );
  return known!;
}
