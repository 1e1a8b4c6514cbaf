import type { EntityManager } from 'typeorm';

import type { Language } from '../customers/profile';
import { freeUnits } from '../inventory/free-units';
import { text, uuid } from '../row-shape';
import { requestMessage, smsMessageIdOf, smsRequestDigest } from '../sms/request-message';
import { row, rows, rowsPlannedAnew, statement, type Transaction } from '../sql';

const TEMPLATE = 'cart_waits';
const REQUESTED_BY = 'cart-reminder';

/** Older carts are past helping. After a long outage nobody hears of last week's cart. */
const LONGEST_QUIET = `interval '3 days'`;
/** A person hears of carts no more often, whatever becomes of them. */
const PAUSE = `interval '7 days'`;

/**
 * Whether a cart `c` is left behind: quiet for `$2` milliseconds, its customer's current one, with something in it that can be
 * bought, while its customer neither pays nor has paid since. One that was reminded of counts again once an order of it was paid.
 */
const IS_LEFT = `c.updated_at < now() - $2::bigint * interval '1 millisecond' AND c.updated_at > now() - ${LONGEST_QUIET}
     AND NOT EXISTS (SELECT FROM carts later WHERE later.customer_id = c.customer_id AND later.joined_at > c.joined_at
       AND EXISTS (SELECT FROM cart_lines WHERE cart_id = later.id))
     AND EXISTS (
       SELECT FROM cart_lines l JOIN variants v ON v.id = l.variant_id AND v.status = 'active'
         JOIN products p ON p.id = v.product_id AND p.status = 'published'
       WHERE l.cart_id = c.id AND ${freeUnits('v.id')} > 0)
     AND NOT EXISTS (
       SELECT FROM orders o WHERE o.customer_id = c.customer_id
         AND (o.status = 'awaiting_payment' OR o.paid_at > c.updated_at))
     AND NOT EXISTS (
       SELECT FROM cart_reminders r WHERE r.account_id = c.customer_id AND r.created_at > now() - ${PAUSE})
     AND NOT EXISTS (
       SELECT FROM cart_reminders r WHERE r.cart_id = c.id AND NOT EXISTS (
         SELECT FROM orders o WHERE o.cart_id = c.id AND o.paid_at > r.created_at))`;

/** The consent is read again under the lock. */
const FIND = statement<{ cartId: string }>(
  `SELECT c.id AS "cartId"
   FROM carts c JOIN profiles p ON p.account_id = c.customer_id AND p.marketing
   WHERE c.id > $1 AND ${IS_LEFT} ORDER BY c.id LIMIT $3`,
  { cartId: uuid },
);

/** Carts that customers have left behind who want to hear of it: those after an id, in the order of ids. */
export async function findLeftCarts(
  manager: EntityManager,
  { after, quietMs, atMost }: { readonly after: string; readonly quietMs: number; readonly atMost: number },
): Promise<string[]> {
  return (await rowsPlannedAnew(manager, FIND, [after, quietMs, atMost])).map(({ cartId }) => cartId);
}

/** Erasing, blocking and a withdrawn consent wait for this, or this for them. */
const LOCK_PERSON = statement<{ accountId: string; phone: string; language: Language }>(
  `SELECT a.id AS "accountId", a.phone, p.language
   FROM carts c JOIN accounts a ON a.id = c.customer_id JOIN profiles p ON p.account_id = a.id
   WHERE c.id = $1 AND a.status = 'active' AND a.phone IS NOT NULL AND p.marketing FOR SHARE OF a, p`,
  { accountId: uuid, phone: text, language: text },
);

const LOCK_CART = statement<{ version: string }>(
  'SELECT version::text AS version FROM carts WHERE id = $1 FOR UPDATE',
  { version: text },
);

/** A statement of its own: it sees what was committed while the cart was waited for. */
const STILL_LEFT = statement<{ lines: string }>(
  `SELECT (SELECT count(*)::text FROM cart_lines WHERE cart_id = c.id) AS lines FROM carts c WHERE c.id = $1 AND ${IS_LEFT}`,
  { lines: text },
);

const INSERT = statement('INSERT INTO cart_reminders (message_id, cart_id, account_id) VALUES ($1, $2, $3)');

/**
 * Stores the message that reminds a customer of a cart, if it is still left behind and the customer still wants to hear of it.
 *
 * @returns the message, or undefined when there is nothing to remind of any more
 */
export async function remindOfCart(
  transaction: Transaction,
  { cartId, quietMs }: { readonly cartId: string; readonly quietMs: number },
): Promise<string | undefined> {
  const person = await row(transaction, LOCK_PERSON, [cartId]);
  const cart = person && (await row(transaction, LOCK_CART, [cartId]));
  const left = cart && (await row(transaction, STILL_LEFT, [cartId, quietMs]));
  if (!left) return undefined;
  const { accountId, phone, language } = person;
  const messageId = smsMessageIdOf(REQUESTED_BY, `${cartId}:${cart.version}`);
  const message = { template: TEMPLATE, language, recipient: phone, variables: { lines: left.lines } };
  const { isNew } = await requestMessage(transaction, {
    ...message,
    ...{ messageId, requestedBy: REQUESTED_BY, requestDigest: smsRequestDigest(message), codeLifetimeMs: 0 },
  });
  if (!isNew) return undefined;
  await rows(transaction, INSERT, [messageId, cartId, accountId]);
  return messageId;
}
