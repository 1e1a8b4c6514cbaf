/** A line of a cart at this moment's price. */
export interface PricedCartLine {
  readonly variantId: string;
  readonly sku: string;
  /** The product with its variant, as it should stand on an order. */
  readonly title: string;
  readonly quantity: number;
  /** Rials. */
  readonly unitPrice: number;
  /** Whether the product is published and the variant active; nothing about stock. */
  readonly sellable: boolean;
}

/**
 * The lines of the cart `$1`, which the caller has locked, with current prices, by variant id: the order in which stock is
 * locked.
 */
export const SELECT_CART_LINES = `SELECT l.variant_id AS "variantId", v.sku, p.title || ' - ' || v.title AS title, l.quantity,
  v.price AS "unitPrice", v.status = 'active' AND p.status = 'published' AS sellable
  FROM cart_lines l
    JOIN variants v ON v.id = l.variant_id
    JOIN products p ON p.id = v.product_id
  WHERE l.cart_id = $1
  ORDER BY l.variant_id`;
