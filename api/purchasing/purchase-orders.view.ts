import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import {
  PURCHASE_ORDER_TRANSITIONS,
  SUPPLIER_MESSAGE_TRANSITIONS,
  type OrderApprovalReason,
  type OrderAttention,
  type PurchaseOrderStatus,
  type ReplyVerdict,
  type SupplierMessageKind,
  type SupplierMessageStatus,
} from '../../entities/purchasing/purchase-order-status';

/** Why units are in a line. */
export class OrderRequestView {
  /** A decision of replenishment, or an act of staff. */
  @IsIn(['decision', 'staff'])
  by!: 'decision' | 'staff';

  /** The decision's, which tells why. */
  @IsUUID()
  id!: string;

  @Nullable()
  @IsUUID()
  accountId!: string | null;

  @Example(24)
  @IsInt()
  quantity!: number;

  @IsISO8601()
  at!: string;
}

/** A line of a purchase order. */
export class PurchaseOrderLineView {
  @IsUUID()
  variantId!: string;

  @Example('TSHIRT-BLACK-L')
  @IsString()
  sku!: string;

  @Example('PRS-1044')
  @IsString()
  supplierSku!: string;

  @Example(24)
  @IsInt()
  ordered!: number;

  /** What the supplier has promised; null before it has. */
  @Example(24)
  @Nullable()
  @IsInt()
  confirmed!: number | null;

  @Example(20)
  @IsInt()
  received!: number;

  /** Units that came beyond the order. */
  @Example(0)
  @IsInt()
  over!: number;

  @Example(1_200_000)
  @Nullable()
  @IsInt()
  unitCost!: number | null;

  /** The newest hundred. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OrderRequestView)
  requests!: OrderRequestView[];
}

/** What the supplier is told. */
export class SupplierMessageView {
  @Example('018f3f52-9d51-7d6a-8b44-0c1f7c3d2a10-r1')
  @IsString()
  webhookId!: string;

  @IsIn(['order', 'cancel'] satisfies SupplierMessageKind[])
  kind!: SupplierMessageKind;

  /** `unknown`: it may have arrived, and goes out again under the same id. */
  @IsIn(Object.keys(SUPPLIER_MESSAGE_TRANSITIONS))
  status!: SupplierMessageStatus;

  @Example(1)
  @IsInt()
  attempts!: number;

  /** When it goes out, or out again. */
  @Nullable()
  @IsISO8601()
  nextAt!: string | null;

  @Example('HTTP 202')
  @Nullable()
  @IsString()
  answer!: string | null;
}

/** What the supplier said. */
export class SupplierReplyView {
  @Example('msg_2KWPBgLlAfxdpx2AI54pPJ85f4W')
  @IsString()
  webhookId!: string;

  /** Null while nobody has checked it. */
  @Nullable()
  @IsIn(['genuine', 'forged', 'old', 'repeated', 'foreign', 'malformed'] satisfies ReplyVerdict[])
  verdict!: ReplyVerdict | null;

  @IsISO8601()
  receivedAt!: string;
}

/** What a delivery brought of one variant. */
export class ReceiptLineView {
  @IsUUID()
  variantId!: string;

  @Example(20)
  @IsInt()
  received!: number;

  @Example(4)
  @IsInt()
  refused!: number;
}

/** A delivery. */
export class ReceiptView {
  @IsUUID()
  id!: string;

  @IsUUID()
  accountId!: string;

  @Example('two boxes were wet')
  @Nullable()
  @IsString()
  note!: string | null;

  @IsISO8601()
  receivedAt!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReceiptLineView)
  lines!: ReceiptLineView[];
}

/** A purchase order in a list. */
export class PurchaseOrderSummaryView {
  @IsUUID()
  id!: string;

  @Example(1_044)
  @IsInt()
  number!: number;

  @IsUUID()
  supplierId!: string;

  @Example('پخش کالای پارس')
  @IsString()
  supplierName!: string;

  /** Where it arrives. */
  @IsUUID()
  locationId!: string;

  @IsIn(Object.keys(PURCHASE_ORDER_TRANSITIONS))
  status!: PurchaseOrderStatus;

  /** Why somebody must look after it. */
  @Nullable()
  @IsIn([
    'late',
    'refused',
    'partly_accepted',
    'unreachable',
    'cancellation_refused',
    'unapproved',
  ] satisfies OrderAttention[])
  attention!: OrderAttention | null;

  @IsISO8601()
  createdAt!: string;

  /** Until when lines are collected. */
  @IsISO8601()
  cutoffAt!: string;

  @Nullable()
  @IsISO8601()
  orderedAt!: string | null;

  @Nullable()
  @IsISO8601()
  expectedAt!: string | null;

  @Nullable()
  @IsISO8601()
  finishedAt!: string | null;
}

/** A purchase order with everything that led to it and came of it. */
export class PurchaseOrderView extends PurchaseOrderSummaryView {
  /** Null: a decision of the shop began it. */
  @Nullable()
  @IsUUID()
  createdBy!: string | null;

  @Nullable()
  @IsUUID()
  approvedBy!: string | null;

  /** Why a person must approve it, or had to. */
  @Example(['value'])
  @IsArray()
  @IsIn(
    [
      'days_of_demand',
      'value',
      'unknown_cost',
      'below_minimum',
      'refused_before',
      'supplier_paused',
    ] satisfies OrderApprovalReason[],
    { each: true },
  )
  approvalReasons!: OrderApprovalReason[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PurchaseOrderLineView)
  lines!: PurchaseOrderLineView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SupplierMessageView)
  messages!: SupplierMessageView[];

  /** The newest hundred. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SupplierReplyView)
  replies!: SupplierReplyView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReceiptView)
  receipts!: ReceiptView[];
}

/** Purchase orders, the newest first. */
export class PurchaseOrdersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PurchaseOrderSummaryView)
  items!: PurchaseOrderSummaryView[];

  /** The `before` of the next part; null at the end. */
  @Example(1_024)
  @Nullable()
  @IsInt()
  next!: number | null;
}
