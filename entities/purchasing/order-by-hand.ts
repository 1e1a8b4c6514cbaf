import { AppError, assertThat } from '../errors';
import { boolean, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { addLines, lockCollectingOrder } from './add-to-collecting-order';
import { changed, unchanged, type RequestedChange } from './purchase-order-state';
import type { SupplierStatus } from './supplier';
import { HOURS, HOURS_SHAPE, type SupplierHours } from './supplier-instants';

/** What somebody of the staff orders. */
export interface OrderByHand {
  /** Made by the caller: the same request counts once. */
  readonly requestId: string;
  readonly supplierId: string;
  readonly locationId: string;
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Rials of what one request may order of a variant. */
const MOST_LINE_VALUE = 1_000_000_000_000_000;

const LOCK_REQUEST = statement(
  `SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended('order by hand:' || $1::text, 0))) AS locked`,
);

const ORDERED = statement<{ orderId: string; isSame: boolean }>(
  `SELECT o.id AS "orderId", (o.supplier_id, o.location_id) = ($2::uuid, $3::uuid) AND
     jsonb_object_agg(r.variant_id, r.quantity) = $4::jsonb AS "isSame"
   FROM purchase_order_requests r JOIN purchase_orders o ON o.id = r.order_id
   WHERE r.id = $1 GROUP BY o.id`,
  { orderId: uuid, isSame: boolean },
);

const SUPPLIER = statement<SupplierHours & { status: SupplierStatus }>(
  `SELECT status, ${HOURS} FROM suppliers WHERE id = $1 FOR SHARE`,
  { status: text, ...HOURS_SHAPE },
);

const LOCATION = statement<{ id: string }>('SELECT id FROM stock_locations WHERE id = $1', { id: uuid });

interface Item {
  readonly variantId: string;
  readonly supplierSku: string;
  readonly pack: number;
  readonly minimumOrder: number;
  readonly unitCost: number | null;
}

const ITEMS = statement<Item>(
  `SELECT variant_id AS "variantId", supplier_sku AS "supplierSku", pack, minimum_order AS "minimumOrder",
     unit_cost AS "unitCost"
   FROM supplier_items WHERE supplier_id = $1 AND variant_id = ANY ($2::uuid[])`,
  { variantId: uuid, supplierSku: text, pack: integer, minimumOrder: integer, unitCost: nullable(integer) },
);

/**
 * Adds lines to the order that is collected for a supplier and a location, or begins it. They go out with its cut-off, or when
 * somebody submits it.
 *
 * @throws AppError `suppliers.not_found`, `suppliers.paused`, `suppliers.location_unknown`, `suppliers.item_unknown`,
 *   `suppliers.pack_broken`, `suppliers.below_minimum_order`, `purchase_orders.too_many_units`, `purchase_orders.too_valuable`,
 *   `request.idempotency_key_reused`
 */
export async function orderByHand(
  transaction: Transaction,
  { requestId, supplierId, locationId, lines, accountId, at }: OrderByHand,
): Promise<RequestedChange> {
  // A repetition at the same time finds what the first one has ordered.
  await rows(transaction, LOCK_REQUEST, [requestId]);
  const wanted = Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity]));
  const asked = [requestId, supplierId, locationId, JSON.stringify(wanted)];
  const ordered = await row(transaction, ORDERED, asked);
  if (ordered) {
    assertThat(ordered.isSame, 'request.idempotency_key_reused');
    return unchanged(transaction, ordered.orderId);
  }
  const hours = await row(transaction, SUPPLIER, [supplierId]);
  assertThat(hours, 'suppliers.not_found');
  assertThat(hours.status === 'active', 'suppliers.paused');
  assertThat(await row(transaction, LOCATION, [locationId]), 'suppliers.location_unknown');
  const variants = lines.map(({ variantId }) => variantId);
  const items = new Map(
    (await rows(transaction, ITEMS, [supplierId, variants])).map((item) => [item.variantId, item]),
  );
  const collected = lines.map(({ variantId, quantity }) => {
    const item = items.get(variantId);
    if (!item) throw new AppError('suppliers.item_unknown', { variantId });
    assertThat(quantity % item.pack === 0, 'suppliers.pack_broken', { variantId, units: item.pack });
    assertThat(quantity >= item.minimumOrder, 'suppliers.below_minimum_order', {
      variantId,
      limit: item.minimumOrder,
    });
    const { supplierSku, unitCost } = item;
    const isTooValuable = quantity * (unitCost ?? 0) > MOST_LINE_VALUE;
    assertThat(!isTooValuable, 'purchase_orders.too_valuable', { variantId, limit: MOST_LINE_VALUE });
    return { requestId, variantId, supplierSku, unitCost, quantity };
  });
  const when = new Date(at);
  const orderId = await lockCollectingOrder(transaction, {
    ...{ supplierId, locationId, hours, accountId },
    at: when,
  });
  await addLines(transaction, { orderId, lines: collected, accountId });
  return changed(transaction, orderId);
}
