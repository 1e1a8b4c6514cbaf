import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, nullable, text, uuid } from '../row-shape';
import { breaksConstraint, row, rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { MOST_LINE_UNITS } from './purchase-order-line';
import type { OrderApprovalReason } from './purchase-order-status';
import { PURCHASE_ORDER } from './purchasing.events';
import type { SupplierStatus } from './supplier';
import { cutoffAfter, HOURS, HOURS_SHAPE, type SupplierHours } from './supplier-instants';

/** Units that a decision wants of a variant. */
export interface AddToCollectingOrder {
  readonly variantId: string;
  /** Where they are to arrive. */
  readonly locationId: string;
  /** Whole packs, at least the minimum: the caller has decided by the item's terms. */
  readonly quantity: number;
  /** Counts once, however often it is added. */
  readonly decisionId: string;
  /** Why a person must approve it. */
  readonly approval: readonly OrderApprovalReason[];
  /** The present, by the clock of the caller. */
  readonly at: Date;
}

/** `no_supplier`: nobody is preferred for the variant. `supplier_paused`: somebody is, and gets nothing new. */
export type AddedToOrder =
  | { readonly kind: 'added'; readonly orderId: string; readonly supplierId: string }
  | { readonly kind: 'no_supplier' }
  | { readonly kind: 'supplier_paused'; readonly supplierId: string };

/** A line that somebody wants in the order that a supplier's lines are collected in. */
export interface CollectedLine {
  readonly requestId: string;
  readonly variantId: string;
  readonly supplierSku: string;
  readonly unitCost: number | null;
  readonly quantity: number;
}

interface PreferredItem extends SupplierHours {
  readonly supplierId: string;
  readonly status: SupplierStatus;
  readonly supplierSku: string;
  readonly unitCost: number | null;
}

const PREFERRED = statement<PreferredItem>(
  `SELECT s.id AS "supplierId", s.status, i.supplier_sku AS "supplierSku", i.unit_cost AS "unitCost", ${HOURS}
   FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id
   WHERE i.variant_id = $1 AND i.preferred FOR SHARE OF s`,
  { supplierId: uuid, status: text, supplierSku: text, unitCost: nullable(integer), ...HOURS_SHAPE },
);

const ADDED = statement<{ orderId: string; supplierId: string }>(
  `SELECT o.id AS "orderId", o.supplier_id AS "supplierId"
   FROM purchase_order_requests r JOIN purchase_orders o ON o.id = r.order_id
   WHERE r.id = $1 AND r.variant_id = $2`,
  { orderId: uuid, supplierId: uuid },
);

/**
 * Adds units to the order that is collected for the preferred supplier of a variant and a location, or begins it. A decision that
 * was added before changes nothing. Locks the order; no stock may be locked before.
 */
export async function addToCollectingOrder(
  transaction: Transaction,
  { variantId, locationId, quantity, decisionId, approval, at }: AddToCollectingOrder,
): Promise<AddedToOrder> {
  const added = await row(transaction, ADDED, [decisionId, variantId]);
  if (added) return { kind: 'added', ...added };
  const item = await row(transaction, PREFERRED, [variantId]);
  if (!item) return { kind: 'no_supplier' };
  const { supplierId, supplierSku, unitCost } = item;
  if (item.status === 'paused') return { kind: 'supplier_paused', supplierId };
  const orderId = await lockCollectingOrder(transaction, { supplierId, locationId, hours: item, at });
  await addLines(transaction, {
    orderId,
    lines: [{ requestId: decisionId, variantId, supplierSku, unitCost, quantity }],
    approval,
  });
  return { kind: 'added', orderId, supplierId };
}

const LOCK = statement<{ id: string }>(
  `SELECT id FROM purchase_orders WHERE supplier_id = $1 AND location_id = $2 AND status = 'collecting' FOR UPDATE`,
  { id: uuid },
);

const BEGIN = statement<{ id: string }>(
  `INSERT INTO purchase_orders (id, supplier_id, location_id, created_by, cutoff_at) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (supplier_id, location_id) WHERE status = 'collecting' DO NOTHING RETURNING id`,
  { id: uuid },
);

/** Locks the order that is collected for a supplier and a location; begins it where there is none. */
export async function lockCollectingOrder(
  transaction: Transaction,
  input: {
    readonly supplierId: string;
    readonly locationId: string;
    readonly hours: SupplierHours;
    readonly at: Date;
    readonly accountId?: string;
  },
): Promise<string> {
  const { supplierId, locationId, hours, at, accountId } = input;
  // The order that kept this one from beginning may have been submitted meanwhile.
  for (;;) {
    const found = await row(transaction, LOCK, [supplierId, locationId]);
    if (found) return found.id;
    const cutoffAt = await cutoffAfter(transaction, hours, at);
    const begun = await row(transaction, BEGIN, [
      newId(),
      supplierId,
      locationId,
      accountId ?? null,
      cutoffAt,
    ]);
    if (!begun) continue;
    await recordEvents(transaction, PURCHASE_ORDER, begun.id, {
      type: 'purchase_order.begun',
      payload: { supplierId, locationId, cutoffAt: cutoffAt.toISOString() },
    });
    return begun.id;
  }
}

const ADD_LINE = statement<{ ordered: number }>(
  `INSERT INTO purchase_order_lines AS l (order_id, variant_id, supplier_sku, ordered, unit_cost)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (order_id, variant_id) DO UPDATE
   SET ordered = l.ordered + excluded.ordered, unit_cost = excluded.unit_cost, supplier_sku = excluded.supplier_sku
   RETURNING ordered`,
  { ordered: integer },
);

const ADD_REQUEST = statement(
  `INSERT INTO purchase_order_requests (id, variant_id, order_id, quantity, account_id) VALUES ($1, $2, $3, $4, $5)`,
);

const ADD_REASONS = statement(
  `UPDATE purchase_orders
   SET approval_reasons = ARRAY(SELECT DISTINCT unnest(approval_reasons || $2::text[]) ORDER BY 1)
   WHERE id = $1`,
);

/** Adds lines to a collecting order that the caller has locked. */
export async function addLines(
  transaction: Transaction,
  input: {
    readonly orderId: string;
    readonly lines: readonly CollectedLine[];
    readonly approval?: readonly OrderApprovalReason[];
    /** Somebody of the staff. Absent for a decision. */
    readonly accountId?: string;
  },
): Promise<void> {
  const { orderId, lines, approval = [], accountId } = input;
  for (const { requestId, variantId, supplierSku, unitCost, quantity } of lines) {
    const values = [orderId, variantId, supplierSku, quantity, unitCost];
    const line = await row(transaction, ADD_LINE, values).catch((error: unknown) => {
      const isFull = breaksConstraint(error, 'ck_purchase_order_lines_ordered');
      throw isFull
        ? new AppError('purchase_orders.too_many_units', { variantId, limit: MOST_LINE_UNITS })
        : error;
    });
    await rows(transaction, ADD_REQUEST, [requestId, variantId, orderId, quantity, accountId ?? null]);
    await recordEvents(transaction, PURCHASE_ORDER, orderId, {
      type: 'purchase_order.line_added',
      payload: { variantId, quantity, ordered: line!.ordered },
    });
  }
  if (approval.length > 0) await rows(transaction, ADD_REASONS, [orderId, approval]);
}
