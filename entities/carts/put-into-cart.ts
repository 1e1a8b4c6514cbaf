import { PRICE_IN_FORCE } from '../catalog/price-in-force';
import { AppError, assertThat, type ErrorCode } from '../errors';
import { integer, nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { lockCartFor, type CartAccess } from './lock-cart';
import { openCart } from './open-cart';

/** What a cart may hold. */
export interface CartLimits {
  readonly cartLines: number;
  readonly unitsPerLine: number;
}

/** A cart that something is put into. */
export interface FillableCart extends CartAccess {
  /** Whether the shop gave out its token. Its row is then made with its first line. */
  readonly mayBeOpened: boolean;
}

/** A requested change of one line. */
export interface LineChange {
  readonly variantId: string;
  /** Units, at least 1. */
  readonly quantity: number;
}

const PUT = statement<{ refusal: ErrorCode | null; quantity: number }>(
  `WITH held AS (
     SELECT count(*) AS lines, coalesce(max(quantity) FILTER (WHERE variant_id = $2), 0) AS quantity
     FROM cart_lines WHERE cart_id = $1
   ), request AS (
     SELECT held.lines, held.quantity AS held, $3::bigint + CASE WHEN $4 THEN held.quantity ELSE 0 END AS quantity,
       ${PRICE_IN_FORCE('v')} AS price, v.status AS variant_status, p.status AS product_status
     FROM held LEFT JOIN variants v ON v.id = $2 LEFT JOIN products p ON p.id = v.product_id
   ), judged AS (
     SELECT *, CASE
       WHEN coalesce(product_status, 'draft') = 'draft' THEN 'catalog.variant_not_found'
       WHEN product_status <> 'published' OR variant_status <> 'active' THEN 'cart.variant_not_sellable'
       WHEN quantity > $5 THEN 'cart.quantity_limit'
       WHEN held = 0 AND lines >= $6 THEN 'cart.line_limit'
     END AS refusal
     FROM request
   ), written AS (
     INSERT INTO cart_lines AS line (cart_id, variant_id, quantity, seen_price)
     SELECT $1, $2, quantity, price FROM judged WHERE refusal IS NULL
     ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = excluded.quantity
     WHERE line.quantity <> excluded.quantity
     RETURNING 1
   ), counted AS (
     UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1 AND EXISTS (SELECT 1 FROM written)
   )
   SELECT refusal, quantity FROM judged`,
  { refusal: nullable(text), quantity: integer },
);

/** Adds units of a variant to those in the cart. It refuses as {@link setQuantity} does. */
export async function addToCart(
  transaction: Transaction,
  cart: FillableCart,
  request: LineChange,
  limits: CartLimits,
): Promise<void> {
  await putIntoCart(transaction, cart, request, limits, true);
}

/**
 * Makes the cart hold exactly this quantity of a variant. Stock does not matter: a cart reserves nothing, and each read of
 * it reports what is available.
 *
 * @throws AppError `cart.not_found`, `cart.not_yours`, `catalog.variant_not_found` (or not yet published), `cart.variant_not_sellable`
 * (no longer), `cart.quantity_limit`, `cart.line_limit`
 */
export async function setQuantity(
  transaction: Transaction,
  cart: FillableCart,
  request: LineChange,
  limits: CartLimits,
): Promise<void> {
  await putIntoCart(transaction, cart, request, limits, false);
}

/** A new line stores the price that its guest saw. An existing line keeps that price until it is acknowledged. */
async function putIntoCart(
  transaction: Transaction,
  cart: FillableCart,
  { variantId, quantity }: LineChange,
  limits: CartLimits,
  onTop: boolean,
): Promise<void> {
  if (!(await lockCartFor(transaction, cart))) {
    assertThat(cart.mayBeOpened, 'cart.not_found');
    await openCart(transaction, cart.id, cart.callerId);
    await lockCartFor(transaction, cart);
  }
  const judged = await row(transaction, PUT, [
    cart.id,
    variantId,
    quantity,
    onTop,
    limits.unitsPerLine,
    limits.cartLines,
  ]);
  if (judged?.refusal)
    throw new AppError(judged.refusal, detailsOf(judged.refusal, variantId, judged.quantity, limits));
}

function detailsOf(refusal: ErrorCode, variantId: string, quantity: number, limits: CartLimits) {
  if (refusal === 'cart.quantity_limit') return { variantId, quantity, limit: limits.unitsPerLine };
  if (refusal === 'cart.line_limit') return { variantId, limit: limits.cartLines };
  return { variantId };
}
