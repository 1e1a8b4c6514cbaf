import type { Aggregate } from '../events/aggregate';
import type { OrderApprovalReason, OrderAttention } from './purchase-order-status';

/** What the journal says of a supplier, by type. Only staff see it. */
export interface SupplierEvents {
  'supplier.created': Record<never, never>;
  'supplier.changed': Record<never, never>;
  'supplier.item_changed': { variantId: string };
  'supplier.secret_rotated': Record<never, never>;
  'supplier.paused': Record<never, never>;
  'supplier.resumed': Record<never, never>;
}

/** What the journal says of a purchase order, by type. Only staff see it. Its workflow looks at the row after each. */
export interface PurchaseOrderEvents {
  'purchase_order.begun': { supplierId: string; locationId: string; cutoffAt: string };
  'purchase_order.line_added': { variantId: string; quantity: number; ordered: number };
  'purchase_order.approval_needed': { reasons: OrderApprovalReason[] };
  /** The supplier is being told. */
  'purchase_order.submitted': { revision: number; isApproved: boolean };
  'purchase_order.ordered': { expectedAt: string };
  /** The supplier has promised everything, or less. */
  'purchase_order.confirmed': { isPartial: boolean };
  'purchase_order.dispatched': { expectedAt: string };
  'purchase_order.partly_received': { receiptId: string };
  'purchase_order.received': { receiptId: string };
  /** Goods came after the end. */
  'purchase_order.received_late': { receiptId: string };
  /** Everything that came went back. */
  'purchase_order.goods_refused': { receiptId: string };
  'purchase_order.closed_short': { missing: number };
  'purchase_order.cancelled': { reason: 'rejected' | 'cancelled' };
  'purchase_order.refused': Record<never, never>;
  /** The order has ended, and units of a line that had not come are not expected any more. */
  'purchase_order.line_ended': { variantId: string; missing: number };
  'purchase_order.needs_attention': { reason: OrderAttention };
}

/** A supplier's history in the journal. */
export const SUPPLIER: Aggregate<SupplierEvents> = { type: 'supplier', table: 'suppliers' };

/** A purchase order's history in the journal. */
export const PURCHASE_ORDER: Aggregate<PurchaseOrderEvents> = {
  type: 'purchase_order',
  table: 'purchase_orders',
};
