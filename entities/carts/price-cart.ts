import { PRICE_IN_FORCE } from '../catalog/price-in-force';
import { boolean, integer, text, uuid, type RowShape } from '../row-shape';

/** A line of a cart at this moment's price. */
export interface PricedCartLine {
  readonly variantId: string;
  readonly sku: string;
  /** The product with its variant, as it stands on an order. */
  readonly title: string;
  readonly quantity: number;
  /** Rials. */
  readonly unitPrice: number;
  /** Whether the product is published and the variant active. It says nothing about stock. */
  readonly sellable: boolean;
}

export const PRICED_CART_LINE: RowShape<PricedCartLine> = {
  variantId: uuid,
  sku: text,
  title: text,
  quantity: integer,
  unitPrice: integer,
  sellable: boolean,
};

/**
 * The lines of the cart `$1`, which the caller has locked, with current prices. They come in the order of the variants, in
 * which stock is locked.
 */
export const SELECT_CART_LINES = `SELECT l.variant_id AS "variantId", v.sku, p.title || ' - ' || v.title AS title, l.quantity,
  ${PRICE_IN_FORCE('v')} AS "unitPrice", v.status = 'active' AND p.status = 'published' AS sellable
  FROM cart_lines l
    JOIN variants v ON v.id = l.variant_id
    JOIN products p ON p.id = v.product_id
  WHERE l.cart_id = $1
  ORDER BY l.variant_id`;
