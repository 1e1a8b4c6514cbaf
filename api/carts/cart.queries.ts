import type { EntityManager } from 'typeorm';

import { PRICE_IN_FORCE } from '../../entities/catalog/price-in-force';
import type { Recipient } from '../../entities/customers/recipient';
import { RECIPIENT, RECIPIENT_AS_JSON } from '../../entities/customers/recipient-columns';
import { freeUnits } from '../../entities/inventory/free-units';
import { mainPicture } from '../../entities/pictures/read-pictures';
import { boolean, instant, integer, jsonObject, nullable, text, uuid } from '../../entities/row-shape';
import { rows, statement } from '../../entities/sql';

/** A cart with its lines, at current prices and stock. */
export interface CartRow {
  readonly version: number;
  /** Null for a guest's. */
  readonly customerId: string | null;
  readonly updatedAt: Date;
  readonly recipient: Recipient | null;
  readonly lines: readonly CartLineRow[];
}

export interface CartLineRow {
  readonly variantId: string;
  readonly sku: string;
  readonly variantTitle: string;
  readonly productSlug: string;
  readonly productTitle: string;
  /** A key of the store, or an address. */
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  /** The price that the guest last saw. */
  readonly seenPrice: number;
  /** Whether the product is published and the variant active. */
  readonly sellable: boolean;
  readonly available: number;
}

type JoinedRow = Omit<CartRow, 'lines'> & { [Key in keyof CartLineRow]: CartLineRow[Key] | null };

const READ = statement<JoinedRow>(
  `SELECT c.version, c.customer_id AS "customerId", c.updated_at AS "updatedAt",
     CASE WHEN r.cart_id IS NOT NULL THEN ${RECIPIENT_AS_JSON} END AS recipient, l.variant_id AS "variantId", v.sku, v.title AS "variantTitle",
     p.slug AS "productSlug", p.title AS "productTitle", ${mainPicture('p')} AS "imageUrl", l.quantity,
     ${PRICE_IN_FORCE('v')} AS "unitPrice", l.seen_price AS "seenPrice",
     v.status = 'active' AND p.status = 'published' AS sellable,
     ${freeUnits('v.id')} AS available
   FROM carts c
     LEFT JOIN cart_recipients r ON r.cart_id = c.id
     LEFT JOIN cart_lines l ON l.cart_id = c.id
     LEFT JOIN variants v ON v.id = l.variant_id
     LEFT JOIN products p ON p.id = v.product_id
   WHERE c.id = $1
   ORDER BY l.added_at, l.variant_id`,
  {
    version: integer,
    customerId: nullable(uuid),
    updatedAt: instant,
    recipient: nullable(jsonObject(RECIPIENT)),
    variantId: nullable(uuid),
    sku: nullable(text),
    variantTitle: nullable(text),
    productSlug: nullable(text),
    productTitle: nullable(text),
    imageUrl: nullable(text),
    quantity: nullable(integer),
    unitPrice: nullable(integer),
    seenPrice: nullable(integer),
    sellable: nullable(boolean),
    available: nullable(integer),
  },
);

/** The cart at current prices and stock, in one statement. Its lines are in the order in which they were added. */
export async function readCart(manager: EntityManager, cartId: string): Promise<CartRow | undefined> {
  const found = await rows(manager, READ, [cartId]);
  const [first] = found;
  if (!first) return undefined;
  const lines = found.filter((line) => line.variantId !== null) as unknown as CartLineRow[];
  const { version, customerId, updatedAt, recipient } = first;
  return { version, customerId, updatedAt, recipient, lines };
}
