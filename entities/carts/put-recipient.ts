import type { Recipient } from '../customers/recipient';
import { RECIPIENT_COLUMNS, recipientValues } from '../customers/recipient-columns';
import { assertThat } from '../errors';
import { rows, statement, type Transaction } from '../sql';
import { lockCartFor, type CartAccess } from './lock-cart';
import { openCart } from './open-cart';
import type { FillableCart } from './put-into-cart';

const columnsOf = (table: string) => RECIPIENT_COLUMNS.replaceAll(/\w+/g, (column) => `${table}.${column}`);

/** A session may outlive the erasure of its account for a moment. Nothing personal is stored then. */
const PUT = statement(
  `WITH customer AS MATERIALIZED (
     SELECT a.status FROM carts c JOIN accounts a ON a.id = c.customer_id WHERE c.id = $1 FOR KEY SHARE OF a
   ), written AS (
     INSERT INTO cart_recipients AS r (cart_id, ${RECIPIENT_COLUMNS})
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
     WHERE NOT EXISTS (SELECT 1 FROM customer WHERE status <> 'active')
     ON CONFLICT (cart_id) DO UPDATE SET (${RECIPIENT_COLUMNS}) = (${columnsOf('excluded')})
     WHERE (${columnsOf('r')}) IS DISTINCT FROM (${columnsOf('excluded')})
     RETURNING 1
   )
   UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM written)`,
);

const REMOVE = statement(
  `WITH removed AS (DELETE FROM cart_recipients WHERE cart_id = $1 RETURNING 1)
   UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM removed)`,
);

/**
 * Says who is to get what is in the cart. The version grows, so that a checkout in flight copies the recipient that its buyer
 * saw, or hears `checkout.cart_changed`.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`
 */
export async function putRecipient(
  transaction: Transaction,
  cart: FillableCart,
  recipient: Recipient,
): Promise<void> {
  if (!(await lockCartFor(transaction, cart))) {
    assertThat(cart.mayBeOpened, 'cart.not_found');
    await openCart(transaction, cart.id, cart.callerId);
    await lockCartFor(transaction, cart);
  }
  await rows(transaction, PUT, [cart.id, ...recipientValues(recipient)]);
}

/**
 * Takes the recipient from the cart.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`
 */
export async function removeRecipient(transaction: Transaction, cart: CartAccess): Promise<void> {
  assertThat(await lockCartFor(transaction, cart), 'cart.not_found');
  await rows(transaction, REMOVE, [cart.id]);
}
