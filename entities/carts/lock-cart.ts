import { assertThat } from '../errors';
import { integer, nullable, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** A cart, and who wants something of it. */
export interface CartAccess {
  readonly id: string;
  /** The account of a caller who has signed in. */
  readonly callerId?: string | null;
}

/** A cart whose row this transaction has locked. */
export interface LockedCart {
  readonly id: string;
  /** Goes up by one with every change of the cart. */
  readonly version: number;
  /** Null for a guest's. */
  readonly customerId: string | null;
}

const LOCK = statement<LockedCart>(
  'SELECT id, version, customer_id AS "customerId" FROM carts WHERE id = $1 FOR UPDATE',
  { id: uuid, version: integer, customerId: nullable(uuid) },
);

/** Locks the cart for the rest of the transaction. */
export async function lockCart(transaction: Transaction, cartId: string): Promise<LockedCart | undefined> {
  return row(transaction, LOCK, [cartId]);
}

/**
 * Locks the cart for the rest of the transaction. Every change of a cart by its holder begins here.
 *
 * @throws AppError `cart.not_yours`
 */
export async function lockCartFor(
  transaction: Transaction,
  { id, callerId }: CartAccess,
): Promise<LockedCart | undefined> {
  const cart = await lockCart(transaction, id);
  if (cart) requireOpen(cart, callerId);
  return cart;
}

/**
 * Demands that this caller may open the cart. A token opens a guest's cart for everybody, and a customer's cart only for that
 * customer: on a shared computer the token outlives the session.
 *
 * @throws AppError `cart.not_yours`
 */
export function requireOpen(
  { customerId }: Pick<LockedCart, 'customerId'>,
  callerId: string | null | undefined,
): void {
  assertThat(customerId === null || customerId === callerId, 'cart.not_yours');
}
