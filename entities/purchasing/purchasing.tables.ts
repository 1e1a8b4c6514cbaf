import { PurchaseOrder } from './purchase-order';
import { PurchaseOrderLine, PurchaseOrderRequest } from './purchase-order-line';
import { PurchaseOrderReceipt, PurchaseOrderReceiptLine } from './purchase-order-receipt';
import { Supplier } from './supplier';
import { SupplierItem } from './supplier-item';
import { SupplierMessage, SupplierReply } from './supplier-message';

/** The tables of purchasing. */
export const PURCHASING_TABLES = [
  Supplier,
  SupplierItem,
  PurchaseOrder,
  PurchaseOrderLine,
  PurchaseOrderRequest,
  PurchaseOrderReceipt,
  PurchaseOrderReceiptLine,
  SupplierMessage,
  SupplierReply,
];
