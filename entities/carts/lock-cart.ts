import { integer, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** A cart whose row this transaction has locked. */
export interface LockedCart {
  readonly id: string;
  /** Goes up by one with every change of the cart. */
  readonly version: number;
}

const LOCK = statement<LockedCart>('SELECT id, version FROM carts WHERE id = $1 FOR UPDATE', {
  id: uuid,
  version: integer,
});

/** Locks the cart for the rest of the transaction. Every change of a cart begins here. */
export async function lockCart(transaction: Transaction, cartId: string): Promise<LockedCart | undefined> {
  return row(transaction, LOCK, [cartId]);
}
