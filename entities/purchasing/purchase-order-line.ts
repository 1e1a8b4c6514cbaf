import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { PurchaseOrder } from './purchase-order';

/** The most units of a line that may be ordered, and that may come. */
export const MOST_LINE_UNITS = 100_000_000;

/** The units of a variant in a purchase order. */
@Entity('purchase_order_lines')
@Check('ck_purchase_order_lines_ordered', 'ordered BETWEEN 1 AND 100000000')
@Check('ck_purchase_order_lines_received', '0 <= received AND received <= ordered + over')
@Check('ck_purchase_order_lines_over', 'over = greatest(0, received - ordered)')
@Check('ck_purchase_order_lines_confirmed', 'confirmed BETWEEN 0 AND ordered')
@Check('ck_purchase_order_lines_unit_cost', 'unit_cost BETWEEN 0 AND 1000000000000')
@Index('ix_purchase_order_lines_variant', ['variantId'])
export class PurchaseOrderLine {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_purchase_order_lines' })
  @ForeignKey(() => PurchaseOrder, { name: 'fk_purchase_order_lines_order' })
  orderId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_purchase_order_lines' })
  @ForeignKey('Variant', { name: 'fk_purchase_order_lines_variant' })
  variantId!: string;

  /** The supplier's name for it when it was ordered. */
  @Column('varchar', { name: 'supplier_sku', length: 100 })
  supplierSku!: string;

  /** The sum of its requests. */
  @Column('integer')
  ordered!: number;

  /** The sum of its receipts. Refused goods are not among them. */
  @Column('integer', { default: 0 })
  received!: number;

  /** Units that came beyond the order. */
  @Column('integer', { default: 0 })
  over!: number;

  /** Units that the supplier has promised. Null: it has not said. */
  @Column('integer', { nullable: true })
  confirmed!: number | null;

  /** Rials per unit, as known when it was ordered. */
  @Column('bigint', { name: 'unit_cost', nullable: true })
  unitCost!: number | null;
}

/** Why a line is in an order: one decision, or one act of somebody of the staff. Each counts once. */
@Entity('purchase_order_requests')
@ForeignKey(() => PurchaseOrderLine, ['orderId', 'variantId'], ['orderId', 'variantId'], {
  name: 'fk_purchase_order_requests_line',
})
@Check('ck_purchase_order_requests_quantity', 'quantity > 0')
@Index('ix_purchase_order_requests_line', ['orderId', 'variantId'])
export class PurchaseOrderRequest {
  /** The decision, or the key of the act. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_purchase_order_requests' })
  id!: string;

  /** An act of staff may ask for several variants, a decision for one. */
  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_purchase_order_requests' })
  variantId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('integer')
  quantity!: number;

  /** Somebody of the staff. Null: the id is a decision's. */
  @Column('uuid', { name: 'account_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_purchase_order_requests_account' })
  accountId!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
