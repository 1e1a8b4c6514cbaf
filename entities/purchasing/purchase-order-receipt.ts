import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { PurchaseOrder } from './purchase-order';
import { PurchaseOrderLine } from './purchase-order-line';

/** A delivery as somebody counted it. Who counts makes the id, so that a repeated request books nothing twice. */
@Entity('purchase_order_receipts')
@Index('ix_purchase_order_receipts_order', ['orderId'])
export class PurchaseOrderReceipt {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_purchase_order_receipts' })
  id!: string;

  @Column('uuid', { name: 'order_id' })
  @ForeignKey(() => PurchaseOrder, { name: 'fk_purchase_order_receipts_order' })
  orderId!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_purchase_order_receipts_account' })
  accountId!: string;

  /** SHA-256 (hex) of the request. Another body under the same id is refused. */
  @Column('varchar', { name: 'request_digest', length: 64 })
  requestDigest!: string;

  /** What staff wrote about it. */
  @Column('varchar', { length: 300, nullable: true })
  note!: string | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}

/** What a delivery brought of one variant. */
@Entity('purchase_order_receipt_lines')
@ForeignKey(() => PurchaseOrderLine, ['orderId', 'variantId'], ['orderId', 'variantId'], {
  name: 'fk_purchase_order_receipt_lines_line',
})
@Check(
  'ck_purchase_order_receipt_lines_units',
  'received >= 0 AND refused >= 0 AND received + refused BETWEEN 1 AND 100000000',
)
@Index('ix_purchase_order_receipt_lines_line', ['orderId', 'variantId'])
export class PurchaseOrderReceiptLine {
  @PrimaryColumn('uuid', {
    name: 'receipt_id',
    primaryKeyConstraintName: 'pk_purchase_order_receipt_lines',
  })
  @ForeignKey(() => PurchaseOrderReceipt, { name: 'fk_purchase_order_receipt_lines_receipt' })
  receiptId!: string;

  @PrimaryColumn('uuid', {
    name: 'variant_id',
    primaryKeyConstraintName: 'pk_purchase_order_receipt_lines',
  })
  variantId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  /** Units that went into stock. */
  @Column('integer')
  received!: number;

  /** Units that the shop sent back at once, such as damaged ones. They are still expected. */
  @Column('integer', { default: 0 })
  refused!: number;
}
