import { lockAccount } from '../auth/lock-account';
import { integer, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { findCurrentCart } from './current-cart';
import { lockCart, type LockedCart } from './lock-cart';
import { openCart } from './open-cart';
import type { CartLimits } from './put-into-cart';

/** `merge` brings the lines of the customer's saved cart along. `keep` leaves both carts as they are. */
export const CART_MODES = ['merge', 'keep'] as const;
export type CartMode = (typeof CART_MODES)[number];

/** A guest's cart that becomes a customer's. */
export interface JoinCart {
  readonly cartId: string;
  /** Whether the shop gave out the cart's token. A merge then opens a cart without a row. */
  readonly mayBeOpened: boolean;
  readonly accountId: string;
  readonly mode: CartMode;
}

/** Why a line of the saved cart stays there. `open_order`: its cart has an order that awaits payment. */
export const STAYS = ['line_limit', 'quantity_limit', 'not_sellable', 'open_order'] as const;

/** A line of the saved cart that was not merged. */
export interface LineLeftBehind {
  readonly variantId: string;
  readonly quantity: number;
  readonly reason: (typeof STAYS)[number];
}

export interface JoinedCart {
  /** Whether the cart is the customer's now. False for another customer's, and for one that has no row. */
  readonly isJoined: boolean;
  readonly leftBehind: readonly LineLeftBehind[];
}

const LOCK_CARTS = statement<LockedCart>(
  `SELECT id, version, customer_id AS "customerId" FROM carts WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
  { id: uuid, version: integer, customerId: nullable(uuid) },
);

const JOIN = statement('UPDATE carts SET customer_id = $2, joined_at = clock_timestamp() WHERE id = $1');

/**
 * Moves lines of the cart `$2` into the cart `$1`. Where both have a variant, the line of `$2` goes. The oldest lines take the
 * places that are left.
 */
const MERGE = statement<LineLeftBehind>(
  `WITH saved AS (
     SELECT l.*, held.variant_id IS NOT NULL AS is_held, CASE
       WHEN EXISTS (SELECT 1 FROM orders WHERE cart_id = $2 AND status = 'awaiting_payment') THEN 'open_order'
       WHEN held.variant_id IS NOT NULL THEN NULL
       WHEN p.status <> 'published' OR v.status <> 'active' THEN 'not_sellable'
       WHEN l.quantity > $4 THEN 'quantity_limit'
     END AS obstacle
     FROM cart_lines l
       JOIN variants v ON v.id = l.variant_id
       JOIN products p ON p.id = v.product_id
       LEFT JOIN cart_lines held ON held.cart_id = $1 AND held.variant_id = l.variant_id
     WHERE l.cart_id = $2
   ), judged AS (
     SELECT *, coalesce(obstacle, CASE
       WHEN NOT is_held AND row_number() OVER (PARTITION BY is_held, obstacle IS NULL ORDER BY added_at, variant_id)
         > $3 - (SELECT count(*) FROM cart_lines WHERE cart_id = $1) THEN 'line_limit'
     END) AS reason
     FROM saved
   ), added AS (
     INSERT INTO cart_lines (cart_id, variant_id, quantity, seen_price, added_at)
     SELECT $1, variant_id, quantity, seen_price, added_at FROM judged WHERE reason IS NULL AND NOT is_held
     RETURNING 1
   ), gone AS (
     DELETE FROM cart_lines l USING judged j
     WHERE l.cart_id = $2 AND l.variant_id = j.variant_id AND j.reason IS NULL
     RETURNING 1
   ), counted AS (
     UPDATE carts SET version = version + 1, updated_at = now()
     WHERE (id = $1 AND EXISTS (SELECT 1 FROM added)) OR (id = $2 AND EXISTS (SELECT 1 FROM gone))
   )
   SELECT variant_id AS "variantId", quantity, reason FROM judged WHERE reason IS NOT NULL ORDER BY variant_id`,
  { variantId: uuid, quantity: integer, reason: text },
);

/**
 * Makes a guest's cart the customer's current cart. A merge moves the lines of the customer's saved cart into it. Where both
 * have a variant, the guest's quantity stays. Versions grow where lines moved, so a checkout in flight hears
 * `checkout.cart_changed`. Lines that do not fit stay in the saved cart and are named. All lines stay there while that cart has
 * an open order: they leave it when the order is paid, and the customer would buy them twice.
 *
 * It refuses nothing, because a refusal would roll the sign-in back. A repetition changes nothing. The account is locked before
 * the carts, and these in the order of their ids.
 */
export async function joinCart(
  transaction: Transaction,
  { cartId, mayBeOpened, accountId, mode }: JoinCart,
  limits: CartLimits,
): Promise<JoinedCart> {
  const account = await lockAccount(transaction, accountId);
  const savedId =
    mode === 'merge' ? await findCurrentCart(transaction, accountId, { except: cartId }) : undefined;
  const locked = await rows(transaction, LOCK_CARTS, [[cartId, ...(savedId ? [savedId] : [])]]);
  let cart = locked.find(({ id }) => id === cartId);
  if (!cart && savedId && mayBeOpened) {
    await openCart(transaction, cartId, accountId);
    cart = await lockCart(transaction, cartId);
  }
  const isTheirs = cart !== undefined && (cart.customerId === null || cart.customerId === accountId);
  if (account?.status !== 'active' || !isTheirs) return { isJoined: false, leftBehind: [] };
  await rows(transaction, JOIN, [cartId, accountId]);
  if (!savedId) return { isJoined: true, leftBehind: [] };
  const caps = [limits.cartLines, limits.unitsPerLine];
  return { isJoined: true, leftBehind: await rows(transaction, MERGE, [cartId, savedId, ...caps]) };
}
