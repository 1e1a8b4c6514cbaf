import { rows, statement, type Transaction } from '../sql';

/** Each cart that is opened removes as many, so there are never more old carts than those of one lifetime. */
const MOST_FORGOTTEN = 2;

const OPEN = statement(
  `WITH forgotten AS (
     DELETE FROM carts WHERE id IN (
       SELECT id FROM carts WHERE updated_at < now() - $2::bigint * interval '1 millisecond'
       ORDER BY updated_at LIMIT ${MOST_FORGOTTEN} FOR UPDATE SKIP LOCKED)
   )
   INSERT INTO carts (id, customer_id, joined_at)
   VALUES ($1, $3::uuid, CASE WHEN $3::uuid IS NOT NULL THEN clock_timestamp() END) ON CONFLICT (id) DO NOTHING`,
);

export interface OpenCart {
  readonly cartLifetimeMs: number;
  /** A cart that a customer opens is theirs from the beginning. */
  readonly customerId?: string | null;
}

/**
 * Inserts the row of a cart, unless another transaction does, and removes carts that nobody has changed for their lifetime. A
 * token whose cart was removed opens an empty one.
 */
export async function openCart(
  transaction: Transaction,
  cartId: string,
  { cartLifetimeMs, customerId = null }: OpenCart,
): Promise<void> {
  await rows(transaction, OPEN, [cartId, cartLifetimeMs, customerId]);
}
