import { row, type Transaction } from '../sql';

/** A cart whose row this transaction holds. */
export interface LockedCart {
  readonly id: string;
  /** Goes up by one with every change of the cart. */
  readonly version: number;
}

/** Locks the cart for the rest of the transaction: every change of a cart, and every order made of it, begins here. */
export async function lockCart(transaction: Transaction, cartId: string): Promise<LockedCart | undefined> {
  return row<LockedCart>(transaction, 'SELECT id, version FROM carts WHERE id = $1 FOR UPDATE', [cartId]);
}
