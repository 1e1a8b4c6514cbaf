import type { EntityManager } from 'typeorm';

import { AppError } from '../../entities/errors';
import { replyAddress } from '../../entities/purchasing/reply-address';
import { array, integer, json, nullable, number, text, uuid } from '../../entities/row-shape';
import { row, rows, rowsPlannedAnew, statement } from '../../entities/sql';
import type { PurchaseOrdersQuery } from './purchase-orders.input';
import type { PurchaseOrderSummaryView, PurchaseOrderView } from './purchase-orders.view';
import type { SupplierSummaryView, SupplierView } from './suppliers.view';

const SUPPLIERS_AT_MOST = 1_000;

const LIST_SUPPLIERS = statement<SupplierSummaryView>(
  `SELECT id, name, channel, status, version FROM suppliers ORDER BY name, id LIMIT ${SUPPLIERS_AT_MOST}`,
  { id: uuid, name: text, channel: text, status: text, version: integer },
);

/** Every supplier, by name. */
export function listSuppliers(manager: EntityManager): Promise<SupplierSummaryView[]> {
  return rows(manager, LIST_SUPPLIERS);
}

const SUPPLIER = statement<Omit<SupplierView, 'replyTo'>>(
  `SELECT s.id, s.name, s.channel, s.status, s.version, s.address, s.lead_days AS "leadDays", s.lead_sd AS "leadSd",
     s.cutoff_minute AS "cutoffMinute", s.weekdays, s.review_days AS "reviewDays", s.minimum_value AS "minimumValue",
     s.approval_limit AS "approvalLimit",
     (SELECT coalesce(json_agg(json_build_object('variantId', i.variant_id, 'sku', v.sku, 'supplierSku', i.supplier_sku,
        'pack', i.pack, 'minimumOrder', i.minimum_order, 'unitCost', i.unit_cost, 'preferred', i.preferred)
        ORDER BY v.sku), '[]')
      FROM supplier_items i JOIN variants v ON v.id = i.variant_id WHERE i.supplier_id = s.id) AS items
   FROM suppliers s WHERE s.id = $1`,
  {
    ...{ id: uuid, name: text, channel: text, status: text, version: integer, address: nullable(text) },
    ...{ leadDays: integer, leadSd: number, cutoffMinute: integer, weekdays: array(integer) },
    ...{ reviewDays: integer, minimumValue: nullable(integer), approvalLimit: nullable(integer) },
    items: json<SupplierView['items']>(),
  },
);

/** @throws AppError `suppliers.not_found` */
export async function readSupplier(
  manager: EntityManager,
  supplierId: string,
  publicUrl: string,
): Promise<SupplierView> {
  const found = await row(manager, SUPPLIER, [supplierId]);
  if (!found) throw new AppError('suppliers.not_found');
  const replyTo = found.channel === 'webhook' ? replyAddress(publicUrl, supplierId) : null;
  return { ...found, replyTo };
}

/** In SQL: an instant as its text in JSON. */
const ISO = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const SUMMARY = `o.id, o.number, o.supplier_id AS "supplierId", s.name AS "supplierName", o.location_id AS "locationId",
  o.status, o.attention, ${ISO('o.created_at')} AS "createdAt", ${ISO('o.cutoff_at')} AS "cutoffAt",
  ${ISO('o.ordered_at')} AS "orderedAt", ${ISO('o.expected_at')} AS "expectedAt", ${ISO('o.finished_at')} AS "finishedAt"`;

const SUMMARY_SHAPE = {
  ...{ id: uuid, number: integer, supplierId: uuid, supplierName: text, locationId: uuid },
  ...{ status: text, attention: nullable(text), createdAt: text, cutoffAt: text },
  ...{ orderedAt: nullable(text), expectedAt: nullable(text), finishedAt: nullable(text) },
};

const LIST = statement<PurchaseOrderSummaryView>(
  `SELECT ${SUMMARY} FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id
   WHERE ($1::uuid IS NULL OR o.supplier_id = $1) AND ($2::varchar IS NULL OR o.status = $2)
     AND ($3::boolean IS NULL OR (o.attention IS NOT NULL) = $3) AND ($4::bigint IS NULL OR o.number < $4)
   ORDER BY o.number DESC LIMIT $5`,
  SUMMARY_SHAPE,
);

/** Purchase orders, the newest first. */
export async function listPurchaseOrders(
  manager: EntityManager,
  { supplierId, status, attention, before, limit }: PurchaseOrdersQuery,
): Promise<{ items: PurchaseOrderSummaryView[]; next: number | null }> {
  const filters = [supplierId ?? null, status ?? null, attention ?? null, before ?? null];
  const found = await rowsPlannedAnew(manager, LIST, [...filters, limit + 1]);
  const items = found.slice(0, limit);
  return { items, next: found.length > items.length ? items.at(-1)!.number : null };
}

const ONE = statement<PurchaseOrderView>(
  `SELECT ${SUMMARY}, o.created_by AS "createdBy", o.approved_by AS "approvedBy",
     to_jsonb(o.approval_reasons) AS "approvalReasons",
     (SELECT coalesce(json_agg(json_build_object('variantId', l.variant_id, 'sku', v.sku, 'supplierSku', l.supplier_sku,
        'ordered', l.ordered, 'confirmed', l.confirmed, 'received', l.received, 'over', l.over, 'unitCost', l.unit_cost,
        'requests', (SELECT json_agg(json_build_object('id', r.id, 'accountId', r.account_id, 'quantity', r.quantity,
           'by', CASE WHEN r.account_id IS NULL THEN 'decision' ELSE 'staff' END, 'at', ${ISO('r.created_at')})
           ORDER BY r.created_at, r.id)
         FROM (SELECT * FROM purchase_order_requests WHERE (order_id, variant_id) = (l.order_id, l.variant_id)
           ORDER BY created_at DESC LIMIT 100) AS r))
        ORDER BY v.sku), '[]')
      FROM purchase_order_lines l JOIN variants v ON v.id = l.variant_id WHERE l.order_id = o.id) AS lines,
     (SELECT coalesce(json_agg(json_build_object('webhookId', m.webhook_id, 'kind', m.kind, 'status', m.status,
        'attempts', m.attempts, 'nextAt', ${ISO('m.next_at')}, 'answer', m.answer) ORDER BY m.revision), '[]')
      FROM supplier_messages m WHERE m.order_id = o.id) AS messages,
     (SELECT coalesce(json_agg(json_build_object('webhookId', r.webhook_id, 'verdict', r.verdict,
        'receivedAt', ${ISO('r.received_at')}) ORDER BY r.received_at, r.id), '[]')
      FROM (SELECT * FROM supplier_replies WHERE order_id = o.id ORDER BY received_at DESC LIMIT 100) AS r) AS replies,
     (SELECT coalesce(json_agg(json_build_object('id', d.id, 'accountId', d.account_id, 'note', d.note,
        'receivedAt', ${ISO('d.received_at')},
        'lines', (SELECT json_agg(json_build_object('variantId', b.variant_id, 'received', b.received,
           'refused', b.refused) ORDER BY b.variant_id)
         FROM purchase_order_receipt_lines b WHERE b.receipt_id = d.id)) ORDER BY d.received_at, d.id), '[]')
      FROM purchase_order_receipts d WHERE d.order_id = o.id) AS receipts
   FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id WHERE o.id = $1`,
  {
    ...SUMMARY_SHAPE,
    ...{ createdBy: nullable(uuid), approvedBy: nullable(uuid) },
    approvalReasons: json<PurchaseOrderView['approvalReasons']>(),
    lines: json<PurchaseOrderView['lines']>(),
    messages: json<PurchaseOrderView['messages']>(),
    replies: json<PurchaseOrderView['replies']>(),
    receipts: json<PurchaseOrderView['receipts']>(),
  },
);

/** @throws AppError `purchase_orders.not_found` */
export async function readPurchaseOrder(manager: EntityManager, orderId: string): Promise<PurchaseOrderView> {
  const found = await row(manager, ONE, [orderId]);
  if (!found) throw new AppError('purchase_orders.not_found');
  return found;
}
